package io.waymark.platform;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The rooms and their doors, as in docs/ARCHITECTURE.md: who may know whom. */
@AnalyzeClasses(packages = "io.waymark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** One direction: platform → services → storage → identifiers; the services never import each other. */
    @ArchTest
    static final ArchRule ROOMS_POINT_ONE_WAY = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("identifiers")
            .definedBy("io.waymark.identifier..")
            .layer("storage")
            .definedBy("io.waymark.storage..")
            .layer("forward")
            .definedBy("io.waymark.forward..")
            .layer("resolver")
            .definedBy("io.waymark.resolver..")
            .layer("gateway")
            .definedBy("io.waymark.gateway..")
            .layer("traceability")
            .definedBy("io.waymark.trace..")
            .layer("platform")
            .definedBy("io.waymark.platform..")
            .whereLayer("storage")
            .mayOnlyBeAccessedByLayers("forward", "resolver", "gateway", "traceability", "platform")
            .whereLayer("forward")
            .mayOnlyBeAccessedByLayers("resolver", "gateway", "platform")
            .whereLayer("resolver")
            .mayOnlyBeAccessedByLayers("platform")
            .whereLayer("gateway")
            .mayOnlyBeAccessedByLayers("platform")
            .whereLayer("traceability")
            .mayOnlyBeAccessedByLayers("platform")
            .whereLayer("platform")
            .mayNotBeAccessedByAnyLayer()
            .because("rooms meet as bytes on Kafka and in platform, nowhere else");

    @ArchTest
    static final ArchRule IDENTIFIERS_KNOW_NOBODY = classes()
            .that()
            .resideInAPackage("io.waymark.identifier..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.waymark.identifier..", "java..", "org.jspecify.annotations..")
            .because("identifiers is pure Java without I/O or third-party library");

    @ArchTest
    static final ArchRule TESTING_STANDS_APART = noClasses()
            .that()
            .resideInAPackage("io.waymark.testing..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.waymark..").and(resideOutsideOfPackage("io.waymark.testing..")))
            .because("every module's tests may use it");

    @ArchTest
    static final ArchRule NOTHING_SHIPPED_KNOWS_TESTING = noClasses()
            .that()
            .resideOutsideOfPackage("io.waymark.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.waymark.testing..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.waymark.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule BUFFERS_STAY_WITH_THE_WIRE = noClasses()
            .that()
            .resideOutsideOfPackages("..wire..", "..server..", "io.waymark.platform.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty.buffer..")
            .because("whoever holds a ByteBuf must release it; two packages per service do");

    @ArchTest
    static final ArchRule ROCKSDB_STAYS_IN_ONE_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage("io.waymark.storage.rocks..")
            .and()
            .haveNameNotMatching("io\\.waymark\\.trace\\.topology\\.StoreMemory(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb..")
            .because(
                    "native handles are opened and closed in one place; StoreMemory only bounds what Kafka Streams opens");

    @ArchTest
    static final ArchRule PROTOCOL_LOGIC_KNOWS_NO_NETTY = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.waymark.resolver.message..",
                    "io.waymark.resolver.resolve..",
                    "io.waymark.resolver.admin..",
                    "io.waymark.gateway.packet..",
                    "io.waymark.gateway.session..",
                    "io.waymark.gateway.route..",
                    "io.waymark.gateway.access..",
                    "io.waymark.gateway.forward..",
                    "io.waymark.resolver.feed..",
                    "io.waymark.forward..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("what is decided without a network can be tested without one");

    @ArchTest
    static final ArchRule ONLY_PLATFORM_KNOWS_THE_HTTP_SERVER = noClasses()
            .that()
            .resideOutsideOfPackages("io.waymark.platform..", "io.waymark.trace.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.linecorp.armeria..");

    /** The rules above would hold of nothing, too. */
    @ArchTest
    static void everyRoomWasSeen(JavaClasses seen) {
        for (String room : new String[] {"identifier", "storage", "resolver", "gateway", "trace", "platform"}) {
            assertThat(seen.stream().filter(c -> c.getPackageName().startsWith("io.waymark." + room)))
                    .as(room)
                    .hasSizeGreaterThan(10);
        }
    }
}
