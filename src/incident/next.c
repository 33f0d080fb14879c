/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What to do next, as commands of the AWS CLI: first stop the credentials, then what they made, then turn the guards on
 * again. Never run. Every argument is data of the attacker's and stands in single quotes. See telling.h.
 */
#include "incident/telling.h"

enum { NEXT_MAX = 24, QUOTED_MAX_BYTES = 1024 };

#define DENY_ALL "arn:aws:iam::aws:policy/AWSDenyAll"

struct commands {
    struct np_telling *telling;
    struct np_span *items;
    size_t count;
};

/* `text` in single quotes for a POSIX shell; a quote in it becomes '\''. */
static struct np_span quoted(struct np_telling *telling, struct np_span text)
{
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, QUOTED_MAX_BYTES);
    np_buf_add_char(&buf, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            np_buf_add_str(&buf, "'\\''");
        else
            np_buf_add_char(&buf, text.ptr[i]);
    }
    np_buf_add_char(&buf, '\'');
    struct np_span span = np_buf_span(&buf);
    return buf.error == 0 && np_arena_keep(telling->arena, &span) == 0 ? span : (struct np_span){};
}

static struct np_span quoted_name(struct np_telling *telling, np_name name)
{
    return quoted(telling, np_telling_text(telling, name));
}

/* The last part of an ARN: "arn:aws:iam::1:role/path/NAME"; else the text itself. */
static struct np_span last_part(struct np_span arn)
{
    const char *slash = arn.len > 0 ? memrchr(arn.ptr, '/', arn.len) : NULL;
    return slash != NULL ? np_span_from(arn, (size_t) (slash - arn.ptr) + 1) : arn;
}

/* Adds a command that is not there yet; without memory, or when there are many, it is left out. */
static void add(struct commands *commands, struct np_span command)
{
    if (command.len == 0 || commands->count == NEXT_MAX)
        return;
    for (size_t i = 0; i < commands->count; i++) {
        if (np_span_eq(commands->items[i], command))
            return;
    }
    commands->items[commands->count++] = command;
}

/* ---- the credentials of the chain */

static void stop_sessions(struct commands *commands, struct np_span role)
{
    char until[NP_TIME_TEXT_BYTES];
    np_time_format(until, commands->telling->incident->last + NP_NS_PER_S);
    add(commands,
        np_telling_format(
            commands->telling,
            "aws iam put-role-policy --role-name %.*s --policy-name 'RevokeOlderSessions' "
            "--policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\","
            "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":"
            "{\"aws:TokenIssueTime\":\"%s\"}}}]}'",
            NP_SPAN_ARGS(quoted(commands->telling, last_part(role))), until));
}

static void stop_link(struct commands *commands, const struct np_incident_link *link,
                      const struct np_strand *strand)
{
    struct np_telling *telling = commands->telling;
    struct np_thread_info thread =
        np_actors_thread(telling->stories->params.actors, strand->thread);
    struct np_span name = quoted(telling, last_part(link->value));
    if (strand->guest)
        return;
    if (np_span_starts(link->key, NP_SPAN("AKIA")))
        add(commands,
            np_telling_format(telling,
                              "aws iam update-access-key --user-name %.*s "
                              "--access-key-id %.*s --status Inactive",
                              NP_SPAN_ARGS(name), NP_SPAN_ARGS(quoted(telling, link->key))));
    else if (thread.identity == NP_IDENTITY_USER)
        add(commands, np_telling_format(telling,
                                        "aws iam attach-user-policy --user-name %.*s "
                                        "--policy-arn " DENY_ALL,
                                        NP_SPAN_ARGS(name)));
    else if (thread.identity == NP_IDENTITY_SESSION)
        stop_sessions(commands, link->value);
}

/* ---- what they made */

static np_name entity_of(const struct np_deed *deed, enum np_entity_role role,
                         enum np_entity_kind kind)
{
    for (size_t i = 0; deed->more != NULL && i < deed->more->entity_count; i++) {
        if (deed->more->entities[i].role == role && deed->more->entities[i].kind == kind)
            return deed->more->entities[i].value;
    }
    return NP_NAME_NONE;
}

/* The user that the deed names, or made. */
static struct np_span user_of(struct np_telling *telling, const struct np_deed *deed)
{
    np_name user = entity_of(deed, NP_ENTITY_ON, NP_ENTITY_USER);
    if (user == NP_NAME_NONE)
        user = entity_of(deed, NP_ENTITY_MADE, NP_ENTITY_USER);
    return user != NP_NAME_NONE ? quoted(telling, last_part(np_telling_text(telling, user)))
                                : (struct np_span){};
}

static void undo_key(struct commands *commands, const struct np_deed *deed)
{
    struct np_telling *telling = commands->telling;
    np_name key = entity_of(deed, NP_ENTITY_MADE, NP_ENTITY_ACCESS_KEY);
    struct np_span user = user_of(telling, deed);
    if (key == NP_NAME_NONE)
        return;
    add(commands,
        user.len > 0
            ? np_telling_format(telling,
                                "aws iam delete-access-key --user-name %.*s --access-key-id %.*s",
                                NP_SPAN_ARGS(user), NP_SPAN_ARGS(quoted_name(telling, key)))
            : np_telling_format(telling, "aws iam delete-access-key --access-key-id %.*s",
                                NP_SPAN_ARGS(quoted_name(telling, key))));
}

static void undo_user(struct commands *commands, const struct np_deed *deed)
{
    struct np_span user = user_of(commands->telling, deed);
    if (user.len > 0)
        add(commands,
            np_telling_format(commands->telling,
                              "aws iam attach-user-policy --user-name %.*s --policy-arn " DENY_ALL,
                              NP_SPAN_ARGS(user)));
}

static void undo_login(struct commands *commands, const struct np_deed *deed)
{
    struct np_span user = user_of(commands->telling, deed);
    if (user.len > 0)
        add(commands,
            np_telling_format(commands->telling, "aws iam delete-login-profile --user-name %.*s",
                              NP_SPAN_ARGS(user)));
}

static void undo_role(struct commands *commands, const struct np_deed *deed)
{
    np_name role = entity_of(deed, NP_ENTITY_MADE, NP_ENTITY_ROLE);
    if (role == NP_NAME_NONE)
        return;
    struct np_span name =
        quoted(commands->telling, last_part(np_telling_text(commands->telling, role)));
    add(commands,
        np_telling_format(commands->telling,
                          "aws iam attach-role-policy --role-name %.*s --policy-arn " DENY_ALL,
                          NP_SPAN_ARGS(name)));
}

static void undo_instances(struct commands *commands, const struct np_deed *deed)
{
    struct np_telling *telling = commands->telling;
    for (size_t i = 0; deed->more != NULL && i < deed->more->entity_count; i++) {
        const struct np_act_entity *entity = &deed->more->entities[i];
        if (entity->role == NP_ENTITY_MADE && entity->kind == NP_ENTITY_INSTANCE)
            add(commands, np_telling_format(
                              telling, "aws ec2 stop-instances --region %.*s --instance-ids %.*s",
                              NP_SPAN_ARGS(quoted_name(telling, deed->region)),
                              NP_SPAN_ARGS(quoted_name(telling, entity->value))));
    }
}

static void restart_logging(struct commands *commands, const struct np_deed *deed)
{
    struct np_telling *telling = commands->telling;
    if (deed->resource == NP_NAME_NONE)
        return;
    add(commands,
        np_telling_format(telling, "aws cloudtrail start-logging --region %.*s --name %.*s",
                          NP_SPAN_ARGS(quoted_name(telling, deed->region)),
                          NP_SPAN_ARGS(quoted_name(telling, deed->resource))));
}

static void look_at_stack(struct commands *commands, const struct np_deed *deed)
{
    struct np_telling *telling = commands->telling;
    np_name stack = entity_of(deed, NP_ENTITY_ON, NP_ENTITY_STACK);
    if (stack == NP_NAME_NONE)
        return;
    add(commands,
        np_telling_format(
            telling, "aws cloudformation describe-stack-resources --region %.*s --stack-name %.*s",
            NP_SPAN_ARGS(quoted_name(telling, deed->region)),
            NP_SPAN_ARGS(quoted_name(telling, stack))));
}

static const struct {
    const char *service;
    const char *api;
    void (*undo)(struct commands *commands, const struct np_deed *deed);
} undoings[] = {
    {"iam", "CreateAccessKey", undo_key},
    {"iam", "CreateUser", undo_user},
    {"iam", "CreateLoginProfile", undo_login},
    {"iam", "UpdateLoginProfile", undo_login},
    {"iam", "CreateRole", undo_role},
    {"ec2", "RunInstances", undo_instances},
    {"cloudtrail", "StopLogging", restart_logging},
    {"cloudformation", "CreateStack", look_at_stack},
    {"cloudformation", "UpdateStack", look_at_stack},
    {"cloudformation", "ExecuteChangeSet", look_at_stack},
};

static void undo(struct commands *commands, const struct np_deed *deed)
{
    struct np_span service = np_telling_text(commands->telling, deed->service);
    struct np_span api = np_telling_text(commands->telling, deed->api);
    if ((deed->flags & NP_ACT_FAILED) != 0)
        return;
    for (size_t i = 0; i < NP_ARRAY_LEN(undoings); i++) {
        if (np_span_is(service, undoings[i].service) && np_span_is(api, undoings[i].api))
            undoings[i].undo(commands, deed);
    }
}

int np_tell_next(struct np_telling *telling)
{
    struct commands commands = {.telling = telling};
    commands.items = np_arena_alloc(telling->arena, NEXT_MAX * sizeof(commands.items[0]));
    if (commands.items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < telling->link_count; i++)
        stop_link(&commands, &telling->incident->chain[i],
                  &telling->stories->strands.items[telling->links[i]]);
    for (size_t i = 0; i < telling->deed_count; i++)
        undo(&commands, telling->deeds[i].deed);
    telling->incident->next = commands.items;
    telling->incident->next_count = commands.count;
    return 0;
}
