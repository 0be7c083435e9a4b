import io

import pytest

from kg.build.archive import Archive, HarvestState
from kg.build.generations import Home
from kg.errors import NotFound, SourceError


def _state(archive: Archive, source_id: str, *contents: bytes) -> HarvestState:
    files = tuple(archive.put(f"{n}.ttl", "https://x.example/", io.BytesIO(text)) for n, text in enumerate(contents))
    state = HarvestState(source_id, "somewhere", "2026-01-01T00:00:00Z", files)
    archive.record(state)
    return state


def test_content_comes_back_byte_for_byte_and_is_kept_once(home: Home) -> None:
    archive = home.archive
    one = archive.put("a.ttl", "https://x.example/", io.BytesIO(b"<a:a> <a:b> <a:c> ."))
    two = archive.put("b.ttl", "https://x.example/", io.BytesIO(b"<a:a> <a:b> <a:c> ."))
    assert one.sha256 == two.sha256
    assert archive.path(one.sha256).read_bytes() == b"<a:a> <a:b> <a:c> ."
    assert len([path for path in (archive.folder / "objects").rglob("*") if path.is_file()]) == 1


def test_what_is_too_large_is_refused_and_leaves_nothing(home: Home) -> None:
    with pytest.raises(SourceError):
        home.archive.put("big", "https://x.example/", io.BytesIO(b"x" * 101), limit=100)
    assert [path for path in (home.archive.folder / "objects").rglob("*") if path.is_file()] == []


def test_history_survives_a_torn_last_line(home: Home) -> None:
    state = _state(home.archive, "brreg", b"one")
    with (home.archive.folder / "sources" / "brreg.jsonl").open("a") as log:
        log.write('{"source_id": "brr')
    assert home.archive.history("brreg") == [state]


def test_purge_removes_a_sources_content_but_not_what_others_gave_too(home: Home) -> None:
    archive = home.archive
    own = _state(archive, "brreg", b"secret", b"shared")
    _state(archive, "nav", b"shared")
    assert archive.purge("brreg") == 1
    assert not archive.path(own.files[0].sha256).exists()
    assert archive.path(own.files[1].sha256).exists()
    assert archive.source_ids() == ["nav"]
    with pytest.raises(NotFound):
        archive.history("brreg")
