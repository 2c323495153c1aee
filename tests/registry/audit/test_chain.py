"""Whatever is done to a chain after the fact shows, at the place where it was done."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.audit.chain import Entry, Head, Wrong, beginning, canonical, link, signed_bytes, verify

ID = "0f0e0d0c-0b0a-4908-8706-050403020100"


def built(details: list[str], chain: str = "62") -> list[Entry]:
    """An honest chain."""
    entries: list[Entry] = []
    previous = b"\0" * 32
    for seq, detail in enumerate(details, start=1):
        loose = Entry(chain, seq, "2026-03-02T08:15:00.000001Z", "file_read", ID, None, ID, detail, previous, b"")
        entries.append(loose._replace(hash=link(previous, loose)))
        previous = entries[-1].hash
    return entries


def end_of(entries: list[Entry]) -> Head:
    return Head(chain="62", seq=len(entries), hash=entries[-1].hash)


def broken(entries: list[Entry], honest: list[Entry]):
    return verify(entries, start=beginning("62"), end=end_of(honest)).broken


def test_the_bytes_of_an_entry_are_drawn_here():
    entry = Entry("62", 7, "2026-03-02T08:15:00.000001Z", "file_read", ID, None, ID, '{"é":1}', b"", b"")
    assert canonical(entry).decode() == (
        f"egide journal 1\n2:62,1:7,27:2026-03-02T08:15:00.000001Z,9:file_read,36:{ID},-,36:{ID},8:" + '{"é":1},'
    )
    assert link(b"\1" * 32, entry) == sha256(b"\1" * 32 + canonical(entry)).digest()


def test_an_empty_part_is_not_an_absent_part():
    entry = Entry("62", 7, "", "file_read", None, None, None, "", b"", b"")
    assert canonical(entry) != canonical(entry._replace(person=""))


def test_a_signed_head_names_its_chain_its_day_and_its_number():
    head = Head(chain="62", seq=3, hash=b"\2" * 32)
    assert signed_bytes(head, date(2026, 3, 2)) == (
        b'egide journal head 1\n{"chain":"62","day":"2026-03-02","hash":"' + b"02" * 32 + b'","seq":3}'
    )


CHAINS = st.lists(st.text(max_size=5), min_size=1, max_size=8).map(built)
TEXT_PARTS = ("chain", "at", "event", "mandate", "person", "subject", "detail")


@given(entries=CHAINS)
def test_an_honest_chain_holds(entries: list[Entry]):
    verdict = verify(entries, start=beginning("62"), end=end_of(entries))
    assert (verdict.broken, verdict.count, verdict.head) == (None, len(entries), end_of(entries))


@given(entries=CHAINS, cut=st.integers(min_value=0, max_value=7))
def test_a_chain_is_verified_from_any_head(entries: list[Entry], cut: int):
    cut = min(cut, len(entries) - 1)
    start = Head(chain="62", seq=cut, hash=entries[cut - 1].hash) if cut else beginning("62")
    assert verify(entries[cut:], start=start, end=end_of(entries)).broken is None


@given(entries=CHAINS, data=st.data())
def test_any_change_of_any_part_is_found_where_it_is(entries: list[Entry], data: st.DataObject):
    place = data.draw(st.integers(0, len(entries) - 1))
    part = data.draw(st.sampled_from([*TEXT_PARTS, "seq", "previous", "hash"]))
    old = getattr(entries[place], part)
    fresh = {"seq": st.integers(1, 10), "previous": st.binary(max_size=32), "hash": st.binary(max_size=32)}
    new = data.draw(fresh.get(part, st.text(max_size=5) | st.just(ID)).filter(lambda value: value != old))
    changed = [*entries[:place], entries[place]._replace(**{part: new}), *entries[place + 1 :]]
    found = broken(changed, entries)
    assert found is not None
    assert found.seq == (place + 1 if part != "seq" else min(place + 1, new))


@given(entries=CHAINS, data=st.data())
def test_an_entry_rewritten_with_a_fresh_link_is_found(entries: list[Entry], data: st.DataObject):
    place = data.draw(st.integers(0, len(entries) - 1))
    loose = entries[place]._replace(detail=entries[place].detail + "x")
    changed = [*entries[:place], loose._replace(hash=link(loose.previous, loose)), *entries[place + 1 :]]
    found = broken(changed, entries)
    assert found is not None
    assert found.wrong in (Wrong.UNTIED, Wrong.ALTERED)
    assert found.seq == min(place + 2, len(entries))


@given(entries=CHAINS, data=st.data())
def test_any_removal_is_found(entries: list[Entry], data: st.DataObject):
    place = data.draw(st.integers(0, len(entries) - 1))
    found = broken(entries[:place] + entries[place + 1 :], entries)
    assert found is not None
    assert (found.seq, found.wrong) == (place + 1, Wrong.MISSING)


@given(entries=CHAINS.filter(lambda entries: len(entries) > 1), data=st.data(), renumbered=st.booleans())
def test_any_swap_is_found_even_renumbered(entries: list[Entry], data: st.DataObject, renumbered: bool):
    one, other = sorted(data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True)))
    swapped = list(entries)
    swapped[one], swapped[other] = entries[other], entries[one]
    if renumbered:
        swapped = [entry._replace(seq=seq) for seq, entry in enumerate(swapped, start=1)]
    found = broken(swapped, entries)
    assert found is not None
    # Renumbered, the displaced entry no longer follows its own number: recognised by what fits in its place.
    assert (found.seq, found.wrong) == (one + 1, Wrong.REORDERED)


@given(entries=CHAINS, data=st.data(), renumbered=st.booleans())
def test_any_insertion_of_a_copy_is_found(entries: list[Entry], data: st.DataObject, renumbered: bool):
    copied, place = data.draw(st.integers(0, len(entries) - 1)), data.draw(st.integers(0, len(entries)))
    inserted = [*entries[:place], entries[copied], *entries[place:]]
    if renumbered:
        inserted = [entry._replace(seq=seq) for seq, entry in enumerate(inserted, start=1)]
    assert broken(inserted, entries) is not None


def test_a_copy_of_an_earlier_entry_is_called_a_replay():
    entries = built(["a", "b", "c"])
    copy = entries[0]._replace(seq=4)
    found = broken([*entries, copy], entries)
    assert found is not None
    assert (found.seq, found.wrong) == (4, Wrong.REPLAYED)
    assert "copie du n°\u00a01" in str(found)


def test_an_entry_of_another_chain_is_a_replay():
    mine, theirs = built(["a", "b"]), built(["a", "b"], chain="93")
    found = broken([theirs[0], *mine[1:]], mine)
    assert found is not None
    assert (found.seq, found.wrong) == (1, Wrong.REPLAYED)


def test_a_whole_chain_written_anew_does_not_meet_its_signed_heads():
    honest, anew = built(["a", "b", "c"]), built(["a", "B", "c"])
    assert verify(anew, start=beginning("62"), end=end_of(anew)).broken is None
    found = verify(anew, start=beginning("62"), marks={2: honest[1].hash}, end=end_of(anew)).broken
    assert found is not None
    assert (found.seq, found.wrong) == (2, Wrong.ALTERED)


def test_a_tail_cut_off_with_its_head_is_missed_by_a_signed_head():
    honest = built(["a", "b", "c"])
    found = verify(honest[:1], start=beginning("62"), marks={3: honest[2].hash}, end=end_of(honest[:1])).broken
    assert found is not None
    assert (found.seq, found.wrong) == (2, Wrong.MISSING)


@pytest.mark.parametrize("extra", [1, 2])
def test_an_entry_after_the_head_was_not_written_by_the_journal(extra: int):
    longer = built(["a", "b", "c"])
    honest = longer[: 3 - extra]
    found = broken(longer, honest)
    assert found is not None
    assert (found.seq, found.wrong) == (len(honest) + 1, Wrong.ADDED)
