"""What the server does, in figures that Prometheus reads: requests, streams, and the runs of the installation."""

import time
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from igny8_assets.store.database import Store
from igny8_assets.store.models import AutomationRun, RunStatus
from igny8_assets.web.snapshots import Feeds

router = APIRouter(include_in_schema=False)
VERSION = "/api/v1"
"""Where the routes of the API begin."""
UNKNOWN = "unknown"
"""The route of what no route takes; paths themselves are without number."""


class Metrics:
    """The figures of one application; nothing of them names an account, a site or a key."""

    def __init__(self, store: Store, feeds: Feeds) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "igny8_http_request_seconds",
            "Requests by route, and how long their answers took to begin.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.registry.register(_State(store, feeds))


class _State(Collector):
    """What is read when the figures are asked for."""

    def __init__(self, store: Store, feeds: Feeds) -> None:
        self._store, self._feeds = store, feeds

    def describe(self) -> Iterator[Metric]:
        """Nothing is read to register it."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The streams that are open, what was read for them, and the runs by status."""
        yield GaugeMetricFamily("igny8_streams", "Event streams that are open.", value=self._feeds.watchers)
        yield CounterMetricFamily("igny8_snapshots_read", "Times a site was read for them.", value=self._feeds.reads)
        with self._store.read() as session:
            counted = select(AutomationRun.status, func.count().label("number")).group_by(AutomationRun.status)
            numbers = {row.status: row.number for row in session.execute(counted)}
        runs = GaugeMetricFamily("igny8_runs", "Runs by status.", labels=("status",))
        for status in RunStatus:
            runs.add_metric((status.value,), numbers.get(status, 0))
        yield runs


class Measured:
    """Notes each request under the route that takes it."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                labels = (scope["method"], _route_of(scope), str(message["status"]))
                self.metrics.requests.labels(*labels).observe(time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, noted if scope["type"] == "http" else send)


def _route_of(scope: Scope) -> str:
    """The route as it stands in the whole application; a route knows its path within its router alone."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return UNKNOWN
    return VERSION + route if scope["path"].startswith(VERSION) else str(route)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The figures."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
