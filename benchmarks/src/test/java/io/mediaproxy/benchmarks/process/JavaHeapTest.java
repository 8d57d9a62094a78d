package io.mediaproxy.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaHeapTest {
    @Test
    void shouldReadTheLargestHeap() {
        assertThat(JavaHeap.maxMebibytes("-XX:MaxHeapSize=134217728\n")).hasValue(128);
        assertThat(JavaHeap.maxMebibytes("no such process")).isEmpty();
    }
}
