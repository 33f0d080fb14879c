/* SPDX-License-Identifier: Apache-2.0 */
/* What Kubernetes audit events say in Falco's fields. */
#include "values.h"

#include "base/buf.h"
#include "event/falco/fields.h"

#define RECORD(more)     "{\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a-1\"" more "}"
#define ASKED(members)   RECORD(",\"requestObject\":{" members "}")
#define POD(members)     ASKED("\"spec\":{" members "}")
#define CONTAINERS(list) POD("\"containers\":[" list "]")
#define SECURED(members) "{\"name\":\"c\",\"securityContext\":{" members "}}"

static void reads_members_by_their_short_names(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {RECORD(""), "ka.auditid", "a-1"},
        {RECORD(",\"verb\":\"create\""), "ka.verb", "create"},
        {RECORD(",\"user\":{\"username\":\"eve\"}"), "ka.user.name", "eve"},
        {RECORD(",\"user\":{\"groups\":[\"a\",\"b\"]}"), "ka.user.groups", "a|b"},
        {RECORD(""), "ka.user.groups", NULL},
        {RECORD(",\"impersonatedUser\":{\"username\":\"eve\"}"), "ka.impuser.name", "eve"},
        {RECORD(",\"objectRef\":{\"resource\":\"pods\"}"), "ka.target.resource", "pods"},
        {RECORD(",\"objectRef\":{\"resource\":\"pods\"}"), "ka.target.name", NULL},
        {RECORD(",\"objectRef\":{\"resource\":\"pods\",\"name\":\"cart\"}"), "ka.target.pod.name",
         "cart"},
        {RECORD(",\"objectRef\":{\"resource\":\"secrets\",\"name\":\"s\"}"), "ka.target.pod.name",
         NULL},
        {RECORD(",\"responseStatus\":{\"code\":403}"), "ka.response.code", "403"},
        {RECORD(",\"responseObject\":{\"metadata\":{\"name\":\"cart-1\"}}"), "ka.resp.name",
         "cart-1"},
        {RECORD(",\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"}"),
         "ka.auth.decision", "allow"},
        {RECORD(",\"annotations\":{\"authorization.k8s.io/reason\":\"\"}"), "ka.auth.reason", ""},
        {RECORD(",\"sourceIPs\":[\"192.0.2.1\",\"192.0.2.2\"]"), "ka.sourceips",
         "192.0.2.1|192.0.2.2"},
        {RECORD(",\"sourceIPs\":[\"192.0.2.1\",\"192.0.2.2\"]"), "ka.sourceips[1]", "192.0.2.2"},
        {RECORD(",\"stage\":\"ResponseComplete\""), "jevt.value[/stage]", "ResponseComplete"},
        {RECORD(""), "ka.cluster.name", NULL},
        {RECORD(""), "evt.pluginname", "k8saudit"},
        {RECORD(",\"requestReceivedTimestamp\":\"2023-07-10T11:45:01.000000Z\","
                "\"stageTimestamp\":\"2023-07-10T11:45:09.000000Z\""),
         "evt.time.s", "11:45:09"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void reads_parameters_of_the_uri(void **state)
{
    (void) state;
#define URI(uri) RECORD(",\"requestURI\":\"" uri "\"")
    static const struct value_case cases[] = {
        {URI("/exec?command=ls&command=-l&stdin=true"), "ka.uri.param[command]", "ls"},
        {URI("/exec?command=ls&stdin=true"), "ka.uri.param[stdin]", "true"},
        {URI("/exec?com%6dand=a%20b+c"), "ka.uri.param[command]", "a b c"},
        {URI("/exec?command"), "ka.uri.param[command]", ""},
        {URI("/exec?command=%zz"), "ka.uri.param[command]", NULL},
        {URI("/exec?command=%4"), "ka.uri.param[command]", NULL},
        {URI("/exec?a=1#?command=ls"), "ka.uri.param[command]", NULL},
        {URI("/exec"), "ka.uri.param[command]", NULL},
        {RECORD(""), "ka.uri.param[command]", NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void lists_what_containers_have(void **state)
{
    (void) state;
#define TWO CONTAINERS("{\"image\":\"nginx:1.2\"},{\"image\":\"acme/x@sha256:0\"}")
    static const struct value_case cases[] = {
        {TWO, "ka.req.pod.containers.image", "nginx:1.2|acme/x@sha256:0"},
        {TWO, "ka.req.pod.containers.image[1]", "acme/x@sha256:0"},
        {TWO, "ka.req.pod.containers.image[2]", NULL},
        {TWO, "ka.req.pod.containers.image.repository", "nginx|acme/x"},
        {TWO, "ka.req.container.image", "nginx:1.2"},
        {TWO, "ka.req.container.image.repository", "nginx"},
        {TWO, "ka.req.pod.initContainers.image", NULL},
        {TWO, "ka.req.container.privileged", "false"},
        {POD("\"initContainers\":[{\"image\":\"a\"}]"), "ka.req.pod.initContainers.image", "a"},
        {CONTAINERS(SECURED("\"privileged\":true") "," SECURED("")),
         "ka.req.pod.containers.privileged", "true"},
        {CONTAINERS(SECURED("\"privileged\":true") "," SECURED("")),
         "ka.req.pod.containers.privileged[1]", NULL},
        {CONTAINERS("{}," SECURED("\"privileged\":true")), "ka.req.container.privileged", "true"},
        {RECORD(""), "ka.req.container.privileged", NULL},
        {RECORD(",\"requestObject\":null"), "ka.req.pod.containers.privileged", NULL},
        {CONTAINERS(SECURED("\"capabilities\":{\"add\":[\"A\",\"B\"]}")),
         "ka.req.pod.containers.add_capabilities", "A|B"},
        {CONTAINERS("{\"command\":[\"sh\",\"-c\"]},{\"command\":[\"ls\"]}"),
         "ka.req.pod.containers.command", "sh|-c|ls"},
        {CONTAINERS("{\"ports\":[{\"hostPort\":80,\"containerPort\":8080},"
                    "{\"containerPort\":9090}]},{}"),
         "ka.req.pod.containers.host_port", "80|9090"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void falls_back_to_the_pod_for_who_a_container_runs_as(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {CONTAINERS("{}," SECURED("\"runAsUser\":5")), "ka.req.pod.containers.eff_run_as_user",
         "0|5"},
        {POD("\"securityContext\":{\"runAsUser\":7},\"containers\":[{}," SECURED(
             "\"runAsUser\":5") "]"),
         "ka.req.pod.containers.eff_run_as_user", "7|5"},
        {POD("\"securityContext\":{\"runAsGroup\":7},\"containers\":[{}]"),
         "ka.req.pod.containers.eff_run_as_group", "7"},
        {CONTAINERS("{}," SECURED("\"runAsUser\":5")), "ka.req.pod.containers.run_as_user", "5"},
        {POD("\"securityContext\":{\"runAsUser\":7}"), "ka.req.pod.run_as_user", "7"},
        {POD("\"securityContext\":{\"runAsUser\":7}"), "ka.req.pod.containers.eff_run_as_user",
         NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void reads_the_rest_of_pods(void **state)
{
    (void) state;
#define VOLUMES                                                                                    \
    POD("\"volumes\":[{\"name\":\"a\",\"hostPath\":{\"path\":\"/proc\"}},"                         \
        "{\"name\":\"b\",\"flexVolume\":{\"driver\":\"d\"}}]")
    static const struct value_case cases[] = {
        {POD("\"hostNetwork\":true"), "ka.req.pod.host_network", "true"},
        {POD("\"hostPID\":true"), "ka.req.pod.host_ipc", NULL},
        {VOLUMES, "ka.req.pod.volumes.hostpath", "/proc"},
        {VOLUMES, "ka.req.pod.volumes.hostpath[1]", NULL},
        {VOLUMES, "ka.req.pod.volumes.flexvolume_driver", "d"},
        {VOLUMES, "ka.req.pod.volumes.volume_type", "hostPath|flexVolume"},
        {VOLUMES, "ka.req.pod.volumes.volume_type[0]", "hostPath"},
        {VOLUMES, "ka.req.volume.hostpath[/proc]", "true"},
        {VOLUMES, "ka.req.volume.hostpath[/pr*]", "true"},
        {VOLUMES, "ka.req.volume.hostpath[/pr]", "false"},
        {RECORD(""), "ka.req.volume.hostpath[/pr]", NULL},
        {POD("\"securityContext\":{\"supplementalGroups\":[1,2]}"),
         "ka.req.pod.supplemental_groups", "1|2"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void reads_roles_bindings_and_services(void **state)
{
    (void) state;
#define RULES                                                                                      \
    ASKED("\"rules\":[{\"verbs\":[\"get\",\"list\"]},{\"resources\":[\"pods\"],"                   \
          "\"verbs\": [\"*\"]}]")
#define SUBJECTS                                                                                   \
    ASKED("\"subjects\":[{\"kind\":\"User\",\"name\":\"eve\"},{\"kind\":\"ServiceAccount\","       \
          "\"name\":\"s\",\"namespace\":\"n\"}],\"roleRef\":{\"name\":\"cluster-admin\"}")
    static const struct value_case cases[] = {
        {RULES, "ka.req.role.rules",
         "{\"verbs\":[\"get\",\"list\"]}|{\"resources\":[\"pods\"],\"verbs\":[\"*\"]}"},
        {RULES, "ka.req.role.rules.verbs", "get|list|*"},
        {RULES, "ka.req.role.rules.verbs[1]", "*"},
        {RULES, "ka.req.role.rules.resources", "pods"},
        {RULES, "ka.req.role.rules.apiGroups", NULL},
        {SUBJECTS, "ka.req.binding.role", "cluster-admin"},
        {SUBJECTS, "ka.req.binding.subjects.user_names", "eve"},
        {SUBJECTS, "ka.req.binding.subjects.serviceaccount_names", "s"},
        {SUBJECTS, "ka.req.binding.subjects.serviceaccount_ns_names", "n:s"},
        {SUBJECTS, "ka.req.binding.subjects.group_names", NULL},
        {RECORD(""), "ka.req.binding.subject.has_name[x]", "N/A"},
        {ASKED("\"data\":{\"a\": \"b\"}"), "ka.req.configmap.obj", "{\"a\":\"b\"}"},
        {RECORD(",\"objectRef\":{\"name\":\"m\"}"), "ka.req.configmap.name", "m"},
        {POD("\"type\":\"NodePort\""), "ka.req.service.type", "NodePort"},
        {POD("\"ports\":[{\"port\": 80}]"), "ka.req.service.ports", "[{\"port\":80}]"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

/* Every field of the source, with an argument where it needs one. */
static void open_with_all(struct decode *d, struct np_buf *names, const char **list, size_t max)
{
    const struct np_falco_field *what = NULL;
    size_t offsets[256];
    size_t count = 0;
    for (; count < max - 1 && (what = np_falco_field_at(NP_FALCO_K8S, count)) != NULL; count++) {
        offsets[count] = names->len;
        assert_int_equal(np_buf_add_span(names, what->name), 0);
        assert_int_equal(np_buf_add_str(names, what->is_argument_required ? "[/spec]" : ""), 0);
        assert_int_equal(np_buf_add_char(names, '\0'), 0);
    }
    assert_null(what);
    for (size_t i = 0; i < count; i++)
        list[i] = names->data + offsets[i];
    list[count] = NULL;
    decode_open(d, list, NULL);
}

/* Asks for everything with so much memory: whether there was enough. */
static bool is_enough(struct decode *d, const char *const *names, size_t max_bytes)
{
    np_arena_done(&d->arena);
    np_arena_init(&d->arena, max_bytes);
    enum np_decode_result result = decode(
        d, POD("\"securityContext\":{\"runAsUser\":7},\"containers\":[{\"image\":\"a\\u0062:1\","
               "\"ports\":[{\"hostPort\":80}]}],\"volumes\":[{\"hostPath\":{\"path\":\"/\"}}]"));
    if (result != NP_DECODE_EVENT)
        return false;
    for (size_t i = 0; names[i] != NULL; i++)
        (void) field(d, names[i]);
    return (d->event->flags & NP_EVENT_TRUNCATED) == 0;
}

static void flags_an_event_for_which_memory_is_out(void **state)
{
    (void) state;
    struct decode d;
    const char *names[256];
    np_auto_buf struct np_buf text;
    np_buf_init(&text, 1 << 16);
    open_with_all(&d, &text, names, NP_ARRAY_LEN(names));
    assert_false(is_enough(&d, names, 1));
    size_t enough = 1;
    while (enough < 1 << 20 && !is_enough(&d, names, enough))
        enough += 64;
    assert_true(is_enough(&d, names, enough));
    decode_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_members_by_their_short_names),
        cmocka_unit_test(reads_parameters_of_the_uri),
        cmocka_unit_test(lists_what_containers_have),
        cmocka_unit_test(falls_back_to_the_pod_for_who_a_container_runs_as),
        cmocka_unit_test(reads_the_rest_of_pods),
        cmocka_unit_test(reads_roles_bindings_and_services),
        cmocka_unit_test(flags_an_event_for_which_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
