#!/usr/bin/env bash
# Makes four projects outside this repository from the code on its pages, as a reader would: a JAIN-SIP proxy, a JAIN-SIP
# B2BUA, a pkts.io server, and a stack of one's own. Builds them with the installed modules, and runs their tests on each
# JDK that is given (default: the one of JAVA_HOME), on the class path and on the module path.
#
#   examples/outside/check.sh [JAVA_HOME...]
#
# The modules are built in a copy of this folder, and installed into a copy of the usual repository: nothing else sees them.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/examples/outside
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "check.sh: $*" >&2
    exit 1
}

# block PAGE HEADING NUMBER LANGUAGE: a code block below a heading; an empty heading is the page's beginning.
block() {
    awk -v heading="$2" -v number="$3" -v fence="\`\`\`$4" '
        BEGIN { inside = heading == "" }
        !printing && /^#+ / { inside = heading == "" ? inside : index($0, heading) > 0 }
        printing && $0 == "```" { found = 1; exit }
        printing { print }
        inside && !printing && $0 == fence && ++count == number { printing = 1 }
        END { exit !found }
    ' "$root/$1" || fail "$1 has no block $3 of $4 below \"$2\""
}

version_of() {
    sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$root/pom.xml" | head -1
}

plugin_version() {
    grep -A1 "<artifactId>$1</artifactId>" "$root/pom.xml" | sed -n 's|.*<version>\(.*\)</version>.*|\1|p' | head -1
}

# pom NAME DEPENDENCIES: the page's dependencies, and what any project has that JUnit tests.
pom() {
    cat <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>outside</groupId>
    <artifactId>$1</artifactId>
    <version>1</version>
    <properties>
        <maven.compiler.release>17</maven.compiler.release>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    </properties>
    <dependencies>
$2
$(block README.md 'Testing your server' 1 xml)
        <dependency>
            <groupId>org.junit.jupiter</groupId>
            <artifactId>junit-jupiter</artifactId>
            <version>$(version_of junit.version)</version>
            <scope>test</scope>
        </dependency>
    </dependencies>
    <build>
        <plugins>
            <plugin>
                <artifactId>maven-resources-plugin</artifactId>
                <version>$(plugin_version maven-resources-plugin)</version>
            </plugin>
            <plugin>
                <artifactId>maven-compiler-plugin</artifactId>
                <version>$(plugin_version maven-compiler-plugin)</version>
            </plugin>
            <plugin>
                <artifactId>maven-surefire-plugin</artifactId>
                <version>$(plugin_version maven-surefire-plugin)</version>
            </plugin>
        </plugins>
    </build>
</project>
POM
}

# media: a class with the page's code from standard input. Only the socket is another one, that of the test; close() is
# the server's.
media() {
    cat <<'JAVA'
package outside;

import io.mediaproxy.jainsip.*;
import io.mediaproxy.pkts.*;
import io.mediaproxy.session.*;
import io.mediaproxy.session.sip.*;
import io.pkts.packet.sip.SipMessage;
import java.nio.file.Path;
import java.util.*;
import javax.sip.*;
import javax.sip.message.*;

class OnSocket {
    final Path socket;

    OnSocket(Path socket) {
        this.socket = socket;
    }
}

class Media extends OnSocket {
    Media(Path socket) {
        super(socket);
    }

JAVA
    sed 's|MediaProxy.builder().build(); // at .*|MediaProxy.builder().dispatcherSocket(socket).build();|'
    [ "$1" = no-server ] || printf '\n    void close() {\n        mediaProxy.close();\n    }\n'
    echo "}"
}

# project NAME DEPENDENCIES WITHOUT: reads the page's code; imports of the stacks that it has not are left out.
project() {
    local main=$work/$1/src/main/java/outside test=$work/$1/src/test/java/outside
    mkdir -p "$main" "$test"
    pom "$1" "$2" > "$work/$1/pom.xml"
    if [ -e "$here/$1/Server.java" ]; then
        media server | grep -v -E "^import ($3)" > "$main/Media.java"
        cp "$here/$1/Server.java" "$main"
        cp "$here"/shared/*.java "$test"
    else
        media no-server | grep -v -E "^import ($3)" > "$main/Media.java"
        cp "$here/$1"/*Test.java "$test"
    fi
}

{
    block docs/jain-sip.md '1. Dependencies' 1 java
    block docs/jain-sip.md '2. A proxy' 1 java
} | project jainsip-proxy "$(block docs/jain-sip.md '1. Dependencies' 1 xml)" 'io.pkts|io.mediaproxy.pkts'
{
    block docs/jain-sip.md '1. Dependencies' 1 java
    block docs/jain-sip.md '3. A B2BUA' 1 java
} | project jainsip-b2bua "$(block docs/jain-sip.md '1. Dependencies' 1 xml)" 'io.pkts|io.mediaproxy.pkts'
block docs/pkts.md 'Whole calls' 1 java |
    project pkts-server "$(block docs/pkts.md '' 1 xml)" 'javax.sip|io.mediaproxy.jainsip'
{
    block docs/your-own-stack.md '' 1 java
    block docs/your-own-stack.md '' 2 java
} | project own-stack "$(block docs/your-own-stack.md '' 1 xml)" 'javax.sip|io.mediaproxy.jainsip|io.pkts|io.mediaproxy.pkts'

cat > "$work/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>outside</groupId>
    <artifactId>all</artifactId>
    <version>1</version>
    <packaging>pom</packaging>
    <modules>
        <module>jainsip-proxy</module>
        <module>jainsip-b2bua</module>
        <module>pkts-server</module>
        <module>own-stack</module>
    </modules>
</project>
POM

usual=$(mvn -q -B -f "$work/pom.xml" -N help:evaluate -Dexpression=settings.localRepository -DforceStdout 2>/dev/null ||
    echo "$HOME/.m2/repository")
repository=$work/repository
mkdir "$repository"
[ ! -d "$usual" ] || cp -a "$usual/." "$repository"
rm -rf "$repository/io/mediaproxy"

echo "=== install"
mkdir "$work/source"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/source")
mvn -q -B -Pquick -DskipTests -Dmaven.repo.local="$repository" -f "$work/source/pom.xml" install \
    -pl mediaproxy-bom,mediaproxy-junit,adapter-jainsip,adapter-pkts -am

# module NAME: the module-info that the pages have.
module() {
    block "$2" 'On the module path' 1 java > "$work/$1/src/main/java/module-info.java"
}

run() {
    local version
    version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = *//p')
    echo "=== Java $version, $2"
    JAVA_HOME=$1 mvn -q -B -Dmaven.repo.local="$repository" -f "$work/pom.xml" clean test "-Dsurefire.useModulePath=$3"
    grep -h -o 'tests="[0-9]*"' "$work"/*/target/surefire-reports/*.xml | tr -dc '0-9\n' |
        awk '{ tests += $1 } END { print tests " passed, 0 failed" }'
}

[ $# -gt 0 ] || set -- "${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}"
for home; do
    run "$home" "class path" false
done
module jainsip-proxy docs/jain-sip.md
module jainsip-b2bua docs/jain-sip.md
module pkts-server docs/pkts.md
module own-stack docs/your-own-stack.md
for home; do
    run "$home" "module path" true
done
