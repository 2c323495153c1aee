"""Who may do what to which rows: every table of the registry, on one page, as data.

`guards` turns this into row-level security; the truth tables of `tests/registry/security` say in advance what must
come out, and take each rule away in turn to see that it is missed. A table that is neither personal nor exempt stops
the start of the site.
"""

from typing import Final, Literal

from attrs import frozen

from egide_registry.security.roles import APP, AUDIT, GATE, OWNER

Action = Literal["select", "insert", "update", "delete"]

ME = "(SELECT security.person())"
MANDATE = "(SELECT security.mandate())"
ROLE = "(SELECT security.role())"
BODY = "(SELECT security.body())"
DEPARTMENT = "(SELECT security.department())"

HERE = f"department_id = {DEPARTMENT}"
# The row's file is one I may read, whatever the reason (my own, on my agenda, glass broken).
SEEN = "EXISTS (SELECT 1 FROM psp_file f WHERE f.id = file_id)"
# The row's file is one I serve: only then may I write.
SERVED = (
    f"EXISTS (SELECT 1 FROM psp_file f WHERE f.id = file_id AND f.department_id = {DEPARTMENT}"
    f" AND f.purged_on IS NULL AND ({ROLE} <> 'association' OR f.body_id = {BODY}))"
)
REQUEST_SEEN = "EXISTS (SELECT 1 FROM psp_request r WHERE r.id = request_id)"
REQUEST_OPEN = "EXISTS (SELECT 1 FROM psp_request r WHERE r.id = request_id AND r.state IN ('draft', 'incomplete'))"
SESSION_HERE = f"EXISTS (SELECT 1 FROM commissions_session s WHERE s.id = session_id AND s.{HERE})"
ITEM_HERE = "EXISTS (SELECT 1 FROM commissions_item i WHERE i.id = item_id)"

OFFICE = ("delegate", "prefect")
STAFF = ("association", "delegate", "prefect")
COLLEAGUES = (*STAFF, "member", "minors_member", "administrator", "dpo")  # who reads the names of who works beside them
ANYONE = ()  # any live mandate


@frozen(kw_only=True)
class Rule:
    """One policy: `roles` of the mandate (none: whoever the condition lets in), and a condition on the row."""

    action: Action
    roles: tuple[str, ...] = ANYONE
    where: str = "true"
    to: str = APP

    def condition(self) -> str:
        """The whole test a row must pass, in SQL."""
        if not self.roles:
            return self.where
        names = ", ".join(f"'{role}'" for role in self.roles)
        return f"{ROLE} IN ({names}) AND ({self.where})"


@frozen(kw_only=True)
class Personal:
    """A table whose rows speak of persons: security forced, nothing but what the rules let through."""

    name: str
    rules: tuple[Rule, ...]
    owner: str = OWNER  # of the table


@frozen(kw_only=True)
class Exempt:
    """A table that speaks of no person: why, and what the site may do to it."""

    name: str
    why: str
    actions: tuple[Action, ...] = ("select",)
    owner: str = OWNER


def every(*actions: Action, roles: tuple[str, ...] = ANYONE, where: str = "true", to: str = APP) -> tuple[Rule, ...]:
    """The same rule for several actions."""
    return tuple(Rule(action=action, roles=roles, where=where, to=to) for action in actions)


def of_file(
    name: str, *, write: tuple[str, ...], change: tuple[str, ...] | None = None, counted: bool = False
) -> Personal:
    """A table hanging from a file: read with the file, added by `write`, changed by `change`, never deleted.

    counted: the gate reads it too, for `statistics.guards`.
    """
    return Personal(
        name=name,
        rules=(
            *every("select", where=SEEN),
            *every("insert", roles=write, where=SERVED),
            *every("update", roles=write if change is None else change, where=SERVED),
            *(every("select", to=GATE) if counted else ()),
        ),
    )


ACCOUNTS: Final = (
    Exempt(name="accounts_department", why="public list of departments"),
    Exempt(name="accounts_body", why="public names of institutions", actions=("select", "insert")),
    Exempt(name="accounts_approval", why="public decisions of the prefect, written by the owner of the base"),
    Personal(
        name="accounts_person",
        rules=(
            *every("select", where=f"id = {ME}"),
            *every("select", where="login_index = (SELECT security.login())"),
            *every("select", roles=COLLEAGUES, where="id IN (SELECT security.colleagues())"),
            *every("insert", roles=("administrator",)),
            *every("insert", to=OWNER),
            *every("update", where=f"id = {ME}"),
            *every("update", roles=("administrator",), where="id IN (SELECT security.colleagues())"),
            *every("select", to=GATE),
        ),
    ),
    Personal(
        name="accounts_mandate",
        rules=(
            *every("select", where=f"person_id = {ME}"),
            *every("select", roles=("association", "delegate", "prefect", "member", "minors_member"), where=HERE),
            *every("select", roles=("administrator", "dpo", "keeper"), where=HERE),
            # Nobody gives a mandate to themselves, nor ends their own: another administrator does.
            *every("insert", "update", roles=("administrator",), where=f"{HERE} AND person_id <> {ME}"),
            *every("insert", where="role IN ('administrator', 'keeper')", to=OWNER),
            *every("select", to=GATE),
        ),
    ),
    Personal(name="accounts_passkey", rules=every("select", "insert", "update", "delete", where=f"person_id = {ME}")),
    Personal(
        name="accounts_stateidentity",
        rules=(
            *every("select", where=f"person_id = {ME} OR subject_index = (SELECT security.login())"),
            # An identity opens every mandate of its person: two administrators do not take one of another department.
            *every("insert", roles=("administrator",), where="person_id IN (SELECT security.only_here())"),
            # Deleted with the account, so that its person may be attached to the next one.
            *every("select", "delete", roles=("administrator",), where="person_id IN (SELECT security.colleagues())"),
        ),
    ),
    Personal(
        name="accounts_attempt",
        rules=(
            *every("select", "insert", "delete", where="login_index = (SELECT security.login())"),
            *every("select", "delete", roles=("keeper",)),
        ),
    ),
    Personal(
        name="security_datakey",
        rules=(
            *every("select", where="kind = 'file' AND EXISTS (SELECT 1 FROM psp_file f WHERE f.id = subject)"),
            *every(
                "select", where="kind = 'session' AND EXISTS (SELECT 1 FROM commissions_session s WHERE s.id = subject)"
            ),
            *every("select", where="kind = 'person' AND EXISTS (SELECT 1 FROM accounts_person p WHERE p.id = subject)"),
            *every(
                "insert",
                roles=("association",),
                where=f"kind = 'file' AND {HERE} AND EXISTS (SELECT 1 FROM psp_file f WHERE f.id = subject"
                f" AND f.body_id = {BODY})",
            ),
            *every("insert", roles=("delegate",), where=f"kind = 'session' AND {HERE}"),
            # Of the words of a broken glass: `access.models.Glass`.
            *every("select", where="kind = 'glass' AND EXISTS (SELECT 1 FROM access_glass g WHERE g.id = subject)"),
            *every("insert", roles=STAFF, where=f"kind = 'glass' AND {HERE}"),
            *every("insert", roles=("administrator",), where="kind = 'person' AND department_id IS NULL"),
            *every("insert", where="kind = 'person' AND department_id IS NULL", to=OWNER),
            *every("select", "update", roles=("keeper",), where=HERE),
            *every("select", "update", where="kind = 'file'", to=GATE),
        ),
    ),
)

ACCESS: Final = (
    Personal(
        name="access_glass",
        rules=(
            *every("select", where=f"mandate_id = {MANDATE}"),
            *every("select", roles=("delegate", "dpo"), where=HERE),
            *every("select", roles=("keeper",), where=HERE),
            *every("insert", roles=STAFF, where=f"mandate_id = {MANDATE} AND person = {ME} AND {HERE}"),
            *every("update", roles=("delegate", "dpo"), where=f"{HERE} AND person <> {ME}"),
            *every("select", to=GATE),
        ),
    ),
    Personal(
        name="access_foureyes",
        rules=(
            *every("select", roles=("delegate", "prefect", "dpo", "administrator"), where=HERE),
            *every("select", where=f"asked_by_id = {MANDATE}"),
            *every(
                "insert",
                roles=("delegate", "prefect", "dpo", "administrator"),
                where=f"{HERE} AND asked_by_id = {MANDATE} AND asked_person = {ME} AND decided_by_id IS NULL",
            ),
            *every(
                "update",
                roles=("delegate", "prefect", "dpo", "administrator"),
                where=f"{HERE} AND asked_person <> {ME} AND (decided_person IS NULL OR decided_person = {ME})",
            ),
        ),
    ),
    Personal(
        name="access_export",
        rules=(
            *every("select", where=f"mandate_id = {MANDATE}"),
            *every("select", roles=("dpo",), where=HERE),
            *every("insert", roles=STAFF, where=f"{HERE} AND mandate_id = {MANDATE}"),
        ),
    ),
)

PSP: Final = (
    Personal(
        name="psp_file",
        rules=(
            *every("select", roles=("association",), where=f"{HERE} AND body_id = {BODY}"),
            *every("select", roles=OFFICE, where=f"{HERE} AND filed_on IS NOT NULL"),
            *every("select", roles=("member",), where=f"{HERE} AND id IN (SELECT security.agenda_files())"),
            *every("select", roles=STAFF, where="id IN (SELECT security.glass_files())"),
            *every("select", roles=("keeper",), where=HERE),
            *every("insert", roles=("association",), where=f"{HERE} AND body_id = {BODY} AND filed_on IS NULL"),
            *every("update", roles=("association",), where=f"{HERE} AND body_id = {BODY}"),
            *every("update", roles=OFFICE, where=f"{HERE} AND filed_on IS NOT NULL"),
            *every("update", roles=("keeper",), where=HERE),
            *every("select", "update", to=GATE),
        ),
    ),
    Personal(
        name="psp_request",
        rules=(
            *every("select", roles=("association", "keeper"), where=SEEN),
            *every("select", roles=(*OFFICE, "member"), where=f"state <> 'draft' AND {SEEN}"),
            *every("insert", roles=("association",), where=SERVED),
            *every("update", roles=(*STAFF, "keeper"), where=SERVED),
            *every("delete", roles=("association", "keeper"), where=f"state = 'draft' AND {SERVED}"),
            *every("select", to=GATE),
        ),
    ),
    Personal(
        name="psp_supporting",
        rules=(
            *every("select", roles=("association", "keeper"), where=SEEN),
            # Not those of a draft: of a renewal that is being prepared.
            *every("select", roles=(*OFFICE, "member"), where=f"{SEEN} AND (request_id IS NULL OR {REQUEST_SEEN})"),
            *every("insert", roles=STAFF, where=SERVED),
            *every("update", roles=("keeper",), where=SERVED),
            # What was filed stays: until then, and while papers are asked for, its association takes them back.
            *every("delete", roles=("association",), where=f"{SERVED} AND {REQUEST_OPEN}"),
            *every("delete", roles=("keeper",), where=SERVED),
        ),
    ),
    Exempt(name="psp_choices", why="settings of a department", actions=("select", "insert", "update")),
    Personal(
        name="psp_decision",
        rules=(
            *every("select", where=SEEN),
            *every("insert", "update", roles=OFFICE, where=SERVED),
            *every("delete", roles=("prefect",), where=f"outcome = 'refused' AND confirmed_by IS NULL AND {SERVED}"),
            *every("select", to=GATE),
        ),
    ),
    of_file("psp_appeal", write=("association", "delegate"), change=STAFF, counted=True),
    of_file("psp_period", write=("prefect",), change=STAFF, counted=True),
    of_file("psp_suspension", write=OFFICE),
    of_file("psp_right", write=("association", "delegate"), counted=True),
    of_file("psp_outcome", write=("association",), counted=True),
    Personal(
        name="psp_transfer",
        rules=(
            *every("select", roles=STAFF, where=SEEN),
            *every("select", roles=("delegate",), where=f"{DEPARTMENT} IN (from_department_id, to_department_id)"),
            *every("select", roles=("association",), where=f"to_department_id = {DEPARTMENT} AND to_body_id = {BODY}"),
            *every(
                "insert", roles=("association", "delegate"), where=f"{SERVED} AND from_department_id = {DEPARTMENT}"
            ),
            *every(
                "update",
                roles=("delegate",),
                where=f"from_department_id = {DEPARTMENT} OR to_department_id = {DEPARTMENT}",
            ),
            *every("select", "update", to=GATE),
        ),
    ),
)

COMMISSIONS: Final = (
    Exempt(name="commissions_commission", why="settings of a department", actions=("select", "insert", "update")),
    Personal(
        name="commissions_session",
        rules=(
            *every("select", roles=(*STAFF, "dpo"), where=HERE),
            *every(
                "select",
                roles=("member",),
                where=f"{HERE} AND (formation <> 'minors' OR id IN (SELECT security.my_sessions()))",
            ),
            *every("select", roles=("minors_member",), where=f"{HERE} AND formation <> 'psp'"),
            *every("insert", roles=("delegate",), where=HERE),
            *every("update", roles=("delegate",), where=HERE),
            *every("select", to=GATE),
        ),
    ),
    Personal(
        name="commissions_convocation",
        rules=(
            *every("select", roles=OFFICE, where=SESSION_HERE),
            *every("select", where=f"mandate_id = {MANDATE}"),
            *every("insert", "update", roles=("delegate",), where=SESSION_HERE),
            *every("select", to=GATE),
        ),
    ),
    Personal(
        name="commissions_item",
        rules=(
            *every("select", where=SEEN),
            *every("insert", roles=("delegate",), where=f"{SERVED} AND {SESSION_HERE}"),
            *every("update", roles=("delegate",), where=f"{SERVED} AND {SESSION_HERE}"),
            *every("delete", roles=("delegate",), where=f"opinion = '' AND {SERVED} AND {SESSION_HERE}"),
            *every("select", to=GATE),
        ),
    ),
    Personal(
        name="commissions_recusal",
        rules=(
            *every("select", where=ITEM_HERE),
            *every("select", where=f"mandate_id = {MANDATE}"),
            *every("insert", roles=("delegate",), where=ITEM_HERE),
            # A word of a member binds that member alone, on an item they can see.
            *every(
                "insert",
                roles=("member",),
                where=f"mandate_id = {MANDATE} AND body_id IS NULL AND cause = 'interest' AND {ITEM_HERE}",
            ),
            *every("delete", roles=("delegate",), where=ITEM_HERE),  # with its item only: commissions/guards.py
            *every("select", to=GATE),
        ),
    ),
)

RETENTION: Final = (
    Personal(
        name="retention_notice",
        rules=(
            *every("select", roles=STAFF, where=SEEN),
            *every("select", roles=("dpo", "keeper"), where=HERE),
            *every("insert", roles=("keeper",), where=f"{HERE} AND {SERVED}"),
        ),
    ),
    Personal(
        name="retention_proof",
        rules=(
            *every("select", roles=("delegate", "dpo", "keeper"), where=HERE),
            *every("insert", roles=("keeper",), where=HERE),
        ),
    ),
)

JOURNAL: Final = (
    Personal(
        name="audit_entry",
        rules=(
            *every("select", roles=("dpo",), where=f"chain = {DEPARTMENT}"),
            *every("select", "insert", "delete", to=AUDIT),
        ),
        owner=AUDIT,
    ),
    Exempt(name="audit_head", why="a number and a hash", actions=(), owner=AUDIT),
    Exempt(name="audit_seal", why="numbers, hashes and signatures", owner=AUDIT),
)

FRAMEWORK: Final = (
    Exempt(name="django_migrations", why="the history of the schema", actions=()),
    Exempt(name="django_content_type", why="names of tables", actions=("select",)),
    Exempt(name="auth_permission", why="the framework's own; unused", actions=()),
    Exempt(name="auth_group", why="the framework's own; unused", actions=()),
    Exempt(name="auth_group_permissions", why="the framework's own; unused", actions=()),
    Exempt(
        name="django_session",
        why="keys are hashed, contents are an account's opaque identifier",
        actions=("select", "insert", "update", "delete"),
    ),
)

TABLES: Final[tuple[Personal | Exempt, ...]] = (
    *(*ACCOUNTS, *ACCESS, *PSP, *COMMISSIONS, *RETENTION),
    *(*JOURNAL, *FRAMEWORK),
)
