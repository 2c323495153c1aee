"""Who decides reads what the commission said, without the exit path knowing of commissions."""

from egide_registry.accounts.rules import Role
from egide_registry.files.acts import Opinion
from egide_registry.psp import opinions
from support.commission import Desk
from support.registry import World, acting


def test_the_opinion_given_in_session_reaches_the_decision(world: World):
    desk = Desk(world)
    request = desk.complete_request()
    _, (item,) = desk.held_with(request)
    with acting(world[Role.PREFECT]):
        assert opinions.of(request.pk, by=world[Role.PREFECT]) is None
    desk.opine(item)
    with acting(world[Role.PREFECT]):
        given = opinions.of(request.pk, by=world[Role.PREFECT])
    assert given is not None
    assert given.opinion is Opinion.FAVOURABLE
