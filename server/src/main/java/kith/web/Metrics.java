package kith.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import kith.settings.Settings.MetricsAccess;

/** What Prometheus reads. */
public final class Metrics implements AutoCloseable {
  /** A stranger may invent methods without end; each would be a meter of its own. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final MetricsAccess access;

  public Metrics(MetricsAccess access) {
    this.access = access;
    gc.bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  public MeterRegistry registry() {
    return registry;
  }

  public Route route() {
    return Route.get(
        "/metrics",
        request -> {
          if (!mayRead(request)) {
            throw Problem.notFound("There is nothing at this address");
          }
          return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape());
        });
  }

  private boolean mayRead(Request request) {
    InetAddress client = request.client();
    return switch (access) {
      case PUBLIC -> true;
      case OFF -> false;
      case PRIVATE ->
          !request.fromAnyone()
              && (client.isLoopbackAddress()
                  || client.isSiteLocalAddress()
                  || client.isLinkLocalAddress());
    };
  }

  void answered(String method, String pattern, int status, Duration took) {
    Timer.builder("kith.http.requests")
        .description("REST requests by route")
        .tag("method", METHODS.contains(method) ? method : "other")
        .tag("route", pattern)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
