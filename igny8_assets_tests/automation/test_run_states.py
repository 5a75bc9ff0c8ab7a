"""Whatever people, processes and their deaths do to the runs of a site, in any order, the runs stay sound."""

import uuid

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from igny8_assets.automation.runs import close_run, requeue_dead, resume_run, take_run
from igny8_assets.errors import Refusal
from igny8_assets.settings import load_settings
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store import ledger
from igny8_assets.store.database import Store
from igny8_assets.store.lease import LeaseLost
from igny8_assets.store.models import (
    ACTIVE,
    AutomationRun,
    CreditEntry,
    EntryKind,
    Launcher,
    RunStatus,
    SiteLease,
    StopRequest,
)
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.factories import make_site
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths
from igny8_assets_tests.stages.driving import ask_to_stop, find

PRICE = 10
OVER = (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED)


class Runs(RuleBasedStateMachine):
    """A site whose runs are asked for, taken, stopped, resumed, closed, and taken over; zombies stay about."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        with store.write() as session:
            # Of an account of its own: what a site of an earlier example still has reserved is not this one's.
            self.site = make_site(session, uuid.uuid4().hex)
        self.run: AutomationRun | None = None
        self.tickets: list[RunTicket] = []
        self.over: dict[str, RunStatus] = {}
        self.items = 0

    @property
    def status(self) -> RunStatus | None:
        return None if self.run is None else self.run.status

    def look(self) -> None:
        """Read the run anew."""
        assert self.run is not None
        self.run = find(self.store, self.run.id)
        if self.run.status in OVER:
            self.over[self.run.id] = self.run.status

    @rule()
    def someone_asks_for_a_run(self) -> None:
        try:
            run = ask_for_run(self.store, self.site)
        except Refusal:
            assert self.status in ACTIVE
        else:
            assert self.status not in ACTIVE
            self.run = run

    @precondition(lambda self: self.run is not None)
    @rule(late=st.booleans())
    def a_process_takes_it(self, late: bool) -> None:
        assert self.run is not None
        launch = self.run.launch - late
        ticket = take_run(self.store, load_settings(), self.run.id, launch, str(uuid.uuid4()))
        assert (ticket is not None) == (self.status == RunStatus.QUEUED and not late)
        if ticket is not None:
            self.tickets.append(ticket)
        self.look()

    @precondition(lambda self: self.run is not None)
    @rule(wanted=st.sampled_from(StopRequest))
    def someone_stops_it(self, wanted: StopRequest) -> None:
        assert self.run is not None
        before = self.run.status
        try:
            ask_to_stop(self.store, self.run.id, wanted)
        except Refusal:
            assert before in OVER
        self.look()
        if before == RunStatus.RUNNING:
            assert (self.status, self.run.stop_request) == (RunStatus.RUNNING, wanted)
        elif before not in OVER:
            assert self.status == (RunStatus.CANCELED if wanted == StopRequest.CANCEL else RunStatus.PAUSED)

    @precondition(lambda self: self.run is not None)
    @rule()
    def someone_resumes_it(self) -> None:
        assert self.run is not None
        before = self.run
        try:
            with self.store.write() as session:
                resume_run(session, session.get_one(AutomationRun, before.id), Launcher.PROCESS)
        except Refusal:
            assert before.status != RunStatus.PAUSED
        else:
            assert before.status == RunStatus.PAUSED
            assert find(self.store, before.id).launch == before.launch + 1
        self.look()

    @precondition(lambda self: self.status == RunStatus.RUNNING)
    @rule()
    def its_process_dies_and_another_takes_over(self) -> None:
        assert self.run is not None
        with self.store.write() as session:
            requeue_dead(session, session.get_one(AutomationRun, self.run.id), "its process was gone")
        self.look()
        assert self.status == RunStatus.QUEUED

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), ending=st.sampled_from([*OVER, RunStatus.PAUSED]))
    def a_process_closes_it(self, data: st.DataObject, ending: RunStatus) -> None:
        ticket = data.draw(st.sampled_from(self.tickets))
        holds = self.holds(ticket)
        assert close_run(ticket, ending, "its end") == holds
        if holds:
            assert find(self.store, ticket.run_id).status == ending
        self.look()

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), outcome=st.sampled_from(["saved", "failed", "left open"]))
    def a_process_works(self, data: st.DataObject, outcome: str) -> None:
        ticket = data.draw(st.sampled_from(self.tickets))
        holds = self.holds(ticket)
        self.items += 1
        work = ledger.Work(
            self.site.account_id, self.site.id, self.site.slug, ticket.run_id, ticket.launch, 4, str(self.items), 1
        )
        try:
            with self.store.write() as session:
                ticket.hold_lease(session)
                ledger.reserve(session, work, PRICE)
                if outcome != "left open":
                    ledger.settle(session, work, PRICE, PRICE if outcome == "saved" else 0)
        except LeaseLost:
            assert not holds
        else:
            assert holds

    def holds(self, ticket: RunTicket) -> bool:
        """Whether a ticket is the one of the run that works now."""
        assert self.run is not None
        mine = (ticket.run_id, ticket.launch) == (self.run.id, self.run.launch)
        return mine and self.status == RunStatus.RUNNING

    @invariant()
    def a_site_has_one_active_run_at_most(self) -> None:
        with self.store.read() as session:
            active = session.scalars(
                select(AutomationRun.id).where(AutomationRun.site_id == self.site.id, AutomationRun.status.in_(ACTIVE))
            ).all()
        assert active == ([self.run.id] if self.run is not None and self.status in ACTIVE else [])

    @invariant()
    def what_is_over_stays_as_it_ended(self) -> None:
        for run_id, ended in self.over.items():
            run = find(self.store, run_id)
            assert run.status == ended
            assert run.completed_at is not None

    @invariant()
    def only_a_running_run_holds_the_site(self) -> None:
        with self.store.read() as session:
            holder = session.scalars(select(SiteLease.run_id).where(SiteLease.site_id == self.site.id)).one()
        running = self.status == RunStatus.RUNNING and self.run is not None
        assert holder == (self.run.id if running and self.run is not None else None)

    @invariant()
    def credits_balance_and_only_a_running_run_has_any_reserved(self) -> None:
        if self.status != RunStatus.RUNNING:
            with self.store.read() as session:
                mine = CreditEntry.site_id == self.site.id
                reserved = session.scalar(
                    select(func.sum(CreditEntry.amount_tenths)).where(
                        mine, CreditEntry.kind.in_([EntryKind.RESERVE, EntryKind.RELEASE])
                    )
                )
            assert not reserved
            assert_sound(self.store, self.site)
        with self.store.read() as session:
            totals = select(func.sum(AutomationRun.total_credits_tenths)).where(AutomationRun.site_id == self.site.id)
            assert (session.scalar(totals) or 0) == charged_tenths(self.store, self.site)


def test_runs_stay_sound_whatever_happens_to_them(store: Store) -> None:
    class RunsHere(Runs):
        def __init__(self) -> None:
            super().__init__(store)

    quick = settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(RunsHere, settings=quick)
