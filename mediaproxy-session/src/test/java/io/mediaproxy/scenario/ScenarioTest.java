package io.mediaproxy.scenario;

class ScenarioTest extends ScenarioSuite {
    ScenarioTest() {
        super(MediaProxyServer::new);
    }
}
