import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.engine.lanes import Clients, Gate
from kg.errors import ClientBusy, QueueFull


async def _settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_places_are_handed_over_in_the_order_of_arrival() -> None:
    gate, order = Gate(places=1, queue=10, share=1), list[str]()

    async def visit(client: str) -> None:
        await gate.enter(client)
        order.append(client)
        await asyncio.sleep(0)
        gate.leave(client)

    await asyncio.gather(*(visit(f"client{number}") for number in range(6)))
    assert order == [f"client{number}" for number in range(6)]


async def test_a_client_that_just_left_does_not_overtake_one_that_waits() -> None:
    gate = Gate(places=1, queue=10, share=1)
    await gate.enter("busy")
    waiting = asyncio.create_task(gate.enter("patient"))
    await _settle()
    gate.leave("busy")
    again = asyncio.create_task(gate.enter("busy"))
    await _settle()
    assert waiting.done()
    assert not again.done()
    again.cancel()


async def test_one_client_never_holds_the_place_that_another_could_use() -> None:
    gate = Gate(places=3, queue=10, share=2)
    greedy = [asyncio.create_task(gate.enter("greedy")) for _ in range(5)]
    await _settle()
    assert sum(task.done() for task in greedy) == 2
    await asyncio.wait_for(gate.enter("other"), 1)
    for task in greedy:
        task.cancel()


async def test_a_full_queue_refuses() -> None:
    gate = Gate(places=1, queue=0, share=1)
    await gate.enter("first")
    with pytest.raises(QueueFull):
        await gate.enter("second")
    assert not gate.may_enter("second")


async def test_a_full_queue_makes_room_at_the_cost_of_who_has_most_in_it() -> None:
    gate = Gate(places=1, queue=3, share=1)
    await gate.enter("first")
    greedy = [asyncio.create_task(gate.enter("greedy")) for _ in range(3)]
    await _settle()
    other = asyncio.create_task(gate.enter("other"))
    await _settle()
    assert [task.done() for task in greedy] == [False, False, True]
    assert isinstance(greedy[2].exception(), QueueFull)
    with pytest.raises(QueueFull):  # with one more it would have as many as the other
        await gate.enter("other")
    with pytest.raises(QueueFull):
        await gate.enter("greedy")
    gate.leave("first")
    await greedy[0]
    gate.leave("greedy")
    await greedy[1]
    gate.leave("greedy")
    await asyncio.wait_for(other, 1)
    assert (gate.inside, gate.waiting) == (1, 0)


async def test_who_is_turned_away_just_as_it_gives_up_leaves_no_trace() -> None:
    gate = Gate(places=1, queue=2, share=1)
    await gate.enter("first")
    greedy = [asyncio.create_task(gate.enter("greedy")) for _ in range(2)]
    await _settle()
    other = asyncio.create_task(gate.enter("other"))
    greedy[1].cancel()
    await asyncio.gather(greedy[1], return_exceptions=True)
    gate.leave("first")
    await greedy[0]
    gate.leave("greedy")
    await asyncio.wait_for(other, 1)
    gate.leave("other")
    assert (gate.inside, gate.waiting) == (0, 0)


async def test_who_gives_up_waiting_leaves_no_trace() -> None:
    gate = Gate(places=1, queue=5, share=1)
    await gate.enter("first")
    waiting = asyncio.create_task(gate.enter("second"))
    await _settle()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert gate.waiting == 0
    gate.leave("first")
    assert gate.inside == 0


async def test_a_place_that_comes_just_as_the_caller_gives_up_is_handed_on() -> None:
    gate = Gate(places=1, queue=5, share=1)
    await gate.enter("first")
    gives_up, next_one = asyncio.create_task(gate.enter("second")), asyncio.create_task(gate.enter("third"))
    await _settle()
    gate.leave("first")
    gives_up.cancel()
    await asyncio.gather(gives_up, return_exceptions=True)
    await asyncio.wait_for(next_one, 1)
    assert gate.inside == 1


@settings(max_examples=100)
@given(
    places=st.integers(1, 4),
    share=st.integers(1, 4),
    steps=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["enter", "leave", "cancel"])), max_size=40),
)
def test_a_gate_keeps_its_bounds_and_loses_no_place(places: int, share: int, steps: list[tuple[str, str]]) -> None:
    async def run() -> None:
        gate = Gate(places=places, queue=100, share=share)
        tasks: list[tuple[str, asyncio.Task[None]]] = []
        for client, step in steps:
            mine = [entry for entry in tasks if entry[0] == client]
            if step == "enter":
                tasks.append((client, asyncio.create_task(gate.enter(client))))
            elif step == "leave" and (inside := [entry for entry in mine if entry[1].done()]):
                tasks.remove(inside[0])
                gate.leave(client)
            elif step == "cancel" and (waits := [entry for entry in mine if not entry[1].done()]):
                tasks.remove(waits[0])
                waits[0][1].cancel()
            await _settle()
            inside_now = [name for name, task in tasks if task.done()]
            assert gate.inside == len(inside_now) <= places
            assert all(inside_now.count(name) <= share for name in set(inside_now))
            waits_now = [name for name, task in tasks if not task.done()]
            assert gate.waiting == len(waits_now)
            # Work goes on: who waits has a reason, the gate is full or the client holds its share.
            assert all(len(inside_now) == places or inside_now.count(name) == share for name in waits_now)
        for _, task in tasks:
            task.cancel()
        await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)

    asyncio.run(run())


def test_a_client_has_a_bounded_number_of_queries_under_way() -> None:
    clients = Clients(most=2)
    clients.arrive("a")
    clients.arrive("a")
    clients.arrive("b")
    with pytest.raises(ClientBusy):
        clients.arrive("a")
    clients.depart("a")
    clients.arrive("a")
