/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of types.def and flags.def as data: see table.h. */
#include "source/scap/table.h"

#include "base/compiler.h"

/* Short for what types.def says. */
enum {
    CREATES_FD = NP_SCAP_CREATES_FD,
    DESTROYS_FD = NP_SCAP_DESTROYS_FD,
    USES_FD = NP_SCAP_USES_FD,
    READS_FD = NP_SCAP_READS_FD,
    WRITES_FD = NP_SCAP_WRITES_FD,
    MODIFIES_STATE = NP_SCAP_MODIFIES_STATE,
    WAITS = NP_SCAP_WAITS,
    SKIPS_PARSE_RESET = NP_SCAP_SKIPS_PARSE_RESET,
    LARGE = NP_SCAP_LARGE,
};

#define N(name, value) {name, value},
#define FLAGS(set, ...)                                                                            \
    static const struct np_scap_flag items_of_##set[] = {__VA_ARGS__};                             \
    static const struct np_scap_flags set = {items_of_##set, NP_ARRAY_LEN(items_of_##set)};
#include "source/scap/flags.def"
#undef FLAGS
#undef N

static const struct np_scap_variant sockopt_items[] = {
    {NP_SCAP_BYTEBUF, NP_SCAP_AS_IS},   {NP_SCAP_ERRNO, NP_SCAP_DECIMAL},
    {NP_SCAP_UINT32, NP_SCAP_DECIMAL},  {NP_SCAP_UINT64, NP_SCAP_DECIMAL},
    {NP_SCAP_RELTIME, NP_SCAP_DECIMAL},
};
static const struct np_scap_variants sockopt_variants = {sockopt_items,
                                                         NP_ARRAY_LEN(sockopt_items)};
static const struct np_scap_variant ptrace_items[] = {
    {NP_SCAP_UINT64, NP_SCAP_HEX},
    {NP_SCAP_SIGTYPE, NP_SCAP_DECIMAL},
};
static const struct np_scap_variants ptrace_variants = {ptrace_items, NP_ARRAY_LEN(ptrace_items)};

#define P(name, type, format)        {name, NP_SCAP_##type, NP_SCAP_##format, NULL, NULL, -1},
#define F(name, type, format, flags) {name, NP_SCAP_##type, NP_SCAP_##format, &flags, NULL, -1},
#define REL(name, descriptor)        {name, NP_SCAP_FSRELPATH, NP_SCAP_AS_IS, NULL, NULL, descriptor},
#define DYN(name, format, variants)  {name, NP_SCAP_DYN, NP_SCAP_##format, NULL, &variants, -1},
#define NONE

/* What clone and exec tell alike of the task. */
#define TASK_PARAMS(result, limit)                                                                 \
    P("res", result, DECIMAL)                                                                      \
    P("exe", CHARBUF, AS_IS)                                                                       \
    P("args", BYTEBUF, AS_IS)                                                                      \
    P("tid", PID, DECIMAL)                                                                         \
    P("pid", PID, DECIMAL)                                                                         \
    P("ptid", PID, DECIMAL)                                                                        \
    P("cwd", CHARBUF, AS_IS)                                                                       \
    P("fdlimit", limit, DECIMAL)                                                                   \
    P("pgft_maj", UINT64, DECIMAL)                                                                 \
    P("pgft_min", UINT64, DECIMAL)                                                                 \
    P("vm_size", UINT32, DECIMAL)                                                                  \
    P("vm_rss", UINT32, DECIMAL)                                                                   \
    P("vm_swap", UINT32, DECIMAL)                                                                  \
    P("comm", CHARBUF, AS_IS)                                                                      \
    P("cgroups", BYTEBUF, AS_IS)

#define CLONE_PARAMS                                                                               \
    TASK_PARAMS(PID, INT64)                                                                        \
    F("flags", FLAGS32, HEX, clone_flags)                                                          \
    P("uid", UINT32, DECIMAL)                                                                      \
    P("gid", UINT32, DECIMAL)                                                                      \
    P("vtid", PID, DECIMAL)                                                                        \
    P("vpid", PID, DECIMAL)                                                                        \
    P("pidns_init_start_ts", UINT64, DECIMAL)

#define EXECVE_PARAMS                                                                              \
    TASK_PARAMS(ERRNO, UINT64)                                                                     \
    P("env", BYTEBUF, AS_IS)                                                                       \
    P("tty", UINT32, DECIMAL)                                                                      \
    P("vpgid", PID, DECIMAL)                                                                       \
    P("loginuid", UID, DECIMAL)                                                                    \
    F("flags", FLAGS32, HEX, execve_flags)                                                         \
    P("cap_inheritable", UINT64, HEX)                                                              \
    P("cap_permitted", UINT64, HEX)                                                                \
    P("cap_effective", UINT64, HEX)                                                                \
    P("exe_ino", UINT64, DECIMAL)                                                                  \
    P("exe_ino_ctime", ABSTIME, DECIMAL)                                                           \
    P("exe_ino_mtime", ABSTIME, DECIMAL)                                                           \
    P("uid", UID, DECIMAL)                                                                         \
    P("trusted_exepath", FSPATH, AS_IS)                                                            \
    P("pgid", PID, DECIMAL)                                                                        \
    P("gid", GID, DECIMAL)

#define ACCEPT_PARAMS                                                                              \
    P("fd", FD, DECIMAL)                                                                           \
    P("tuple", SOCKTUPLE, AS_IS)                                                                   \
    P("queuepct", UINT8, DECIMAL)                                                                  \
    P("queuelen", UINT32, DECIMAL)                                                                 \
    P("queuemax", UINT32, DECIMAL)

#define USER_PARAMS                                                                                \
    P("uid", UINT32, DECIMAL)                                                                      \
    P("gid", UINT32, DECIMAL)                                                                      \
    P("name", CHARBUF, AS_IS)                                                                      \
    P("home", CHARBUF, AS_IS)                                                                      \
    P("shell", CHARBUF, AS_IS)                                                                     \
    P("container_id", CHARBUF, AS_IS)

#define GROUP_PARAMS                                                                               \
    P("gid", UINT32, DECIMAL)                                                                      \
    P("name", CHARBUF, AS_IS)                                                                      \
    P("container_id", CHARBUF, AS_IS)

/* The parameters of each type; the last one of each array is no parameter. */
#define CALL(id, name, category, does, ...)                                                        \
    static const struct np_scap_param params_of_##id[] = {__VA_ARGS__{}};
#define EVENT(id, name, category, origin, does, ...)                                               \
    static const struct np_scap_param params_of_##id[] = {__VA_ARGS__{}};
#define OLD(id, name)
#define GAP(id)
#include "source/scap/types.def"
#undef CALL
#undef EVENT
#undef OLD
#undef GAP

#define CALL(id, text, cat, what, ...)                                                             \
    [NP_SCAP_##id##_E] = {.name = text,                                                            \
                          .category = NP_SCAP_CAT_##cat,                                           \
                          .origin = NP_SCAP_FROM_SYSCALL,                                          \
                          .does = NP_SCAP_ENTER},                                                  \
    [NP_SCAP_##id##_X] = {.name = text,                                                            \
                          .category = NP_SCAP_CAT_##cat,                                           \
                          .origin = NP_SCAP_FROM_SYSCALL,                                          \
                          .does = what,                                                            \
                          .params_len = NP_ARRAY_LEN(params_of_##id) - 1,                          \
                          .params = params_of_##id},
#define EVENT(id, text, cat, from, what, ...)                                                      \
    [NP_SCAP_##id##_E] = {.name = text,                                                            \
                          .category = NP_SCAP_CAT_##cat,                                           \
                          .origin = NP_SCAP_FROM_##from,                                           \
                          .does = what,                                                            \
                          .params_len = NP_ARRAY_LEN(params_of_##id) - 1,                          \
                          .params = params_of_##id},
#define OLD(id, text)                                                                              \
    [NP_SCAP_##id##_E] = {.name = text, .does = NP_SCAP_OLD},                                      \
    [NP_SCAP_##id##_X] = {.name = text, .does = NP_SCAP_OLD},
#define GAP(id)

static const struct np_scap_type types[NP_SCAP_TYPE_MAX] = {
#include "source/scap/types.def"
};

/* Numbers that recordings have shown, some far apart: no line of types.def is missing. */
_Static_assert(NP_SCAP_CLOSE_X == 5 && NP_SCAP_CREAT_X == 59 && NP_SCAP_FCNTL_X == 151 &&
                   NP_SCAP_PROCEXIT_1_E == 186 && NP_SCAP_CLONE_20_X == 223 &&
                   NP_SCAP_EXECVE_19_X == 293 && NP_SCAP_USER_ADDED_E == 354 &&
                   NP_SCAP_PRCTL_X == 401 && NP_SCAP_CLOSE_RANGE_X == 451,
               "the numbers of event types have moved");

const struct np_scap_width np_scap_widths[NP_SCAP_PARAM_TYPE_MAX] = {
    [NP_SCAP_INT16] = {2, true},        [NP_SCAP_INT32] = {4, true},
    [NP_SCAP_INT64] = {8, true},        [NP_SCAP_UINT8] = {1, false},
    [NP_SCAP_UINT16] = {2, false},      [NP_SCAP_UINT32] = {4, false},
    [NP_SCAP_UINT64] = {8, false},      [NP_SCAP_ERRNO] = {8, true},
    [NP_SCAP_FD] = {8, true},           [NP_SCAP_PID] = {8, true},
    [NP_SCAP_UID] = {4, false},         [NP_SCAP_GID] = {4, false},
    [NP_SCAP_MODE] = {4, false},        [NP_SCAP_SYSCALLID] = {2, false},
    [NP_SCAP_SIGTYPE] = {1, false},     [NP_SCAP_SIGSET] = {4, false},
    [NP_SCAP_RELTIME] = {8, false},     [NP_SCAP_ABSTIME] = {8, false},
    [NP_SCAP_FLAGS8] = {1, false},      [NP_SCAP_FLAGS16] = {2, false},
    [NP_SCAP_FLAGS32] = {4, false},     [NP_SCAP_ENUMFLAGS8] = {1, false},
    [NP_SCAP_ENUMFLAGS16] = {2, false}, [NP_SCAP_ENUMFLAGS32] = {4, false},
};

const struct np_scap_type *np_scap_type_of(uint16_t id)
{
    return id < NP_SCAP_TYPE_MAX && types[id].name != NULL ? &types[id] : NULL;
}

int np_scap_type_param(const struct np_scap_type *type, struct np_span name)
{
    for (int i = 0; i < type->params_len; i++)
        if (np_span_is(name, type->params[i].name))
            return i;
    return -1;
}

const char *np_scap_call_name(uint64_t number)
{
    static const char *const names[] = {
        "unknown",
#define C(name) #name,
#define NO_CALL NULL,
#include "source/scap/calls.def"
#undef C
#undef NO_CALL
    };
    _Static_assert(NP_ARRAY_LEN(names) == 443, "mseal is number 442");
    return number < NP_ARRAY_LEN(names) ? names[number] : NULL;
}

const char *np_scap_category_name(enum np_scap_category category)
{
    static const char *const names[NP_SCAP_CAT_MAX] = {
        [NP_SCAP_CAT_OTHER] = "other",
        [NP_SCAP_CAT_FILE] = "file",
        [NP_SCAP_CAT_NET] = "net",
        [NP_SCAP_CAT_IPC] = "ipc",
        [NP_SCAP_CAT_MEMORY] = "memory",
        [NP_SCAP_CAT_PROCESS] = "process",
        [NP_SCAP_CAT_SLEEP] = "sleep",
        [NP_SCAP_CAT_SYSTEM] = "system",
        [NP_SCAP_CAT_SIGNAL] = "signal",
        [NP_SCAP_CAT_USER] = "user",
        [NP_SCAP_CAT_TIME] = "time",
        [NP_SCAP_CAT_PROCESSING] = "processing",
        [NP_SCAP_CAT_IO_READ] = "IO-read",
        [NP_SCAP_CAT_IO_WRITE] = "IO-write",
        [NP_SCAP_CAT_IO_OTHER] = "IO-other",
        [NP_SCAP_CAT_WAIT] = "wait",
        [NP_SCAP_CAT_SCHEDULER] = "scheduler",
        [NP_SCAP_CAT_INTERNAL] = "internal",
        [NP_SCAP_CAT_UNKNOWN] = "unknown",
    };
    return names[category];
}
