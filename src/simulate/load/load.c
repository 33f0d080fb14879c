/* SPDX-License-Identifier: Apache-2.0 */
/* The files by their folders, in the order in which they need each other. */
#include "base/alloc.h"
#include "base/compiler.h"
#include "simulate/load/read.h"

enum file_kind {
    FILE_WORLD,
    FILE_CALLS,
    FILE_ATTACK,
    FILE_TWIN,
    FILE_BACKGROUND,
    FILE_KIND_MAX /* none of them */
};

static const char *const folders[FILE_KIND_MAX] = {"", "calls/", "attack/", "twin/", "background/"};

static enum file_kind kind_of(const char *path)
{
    struct np_span text = np_span_of(path);
    if (np_span_is(text, "world.yml"))
        return FILE_WORLD;
    for (int i = FILE_CALLS; i < FILE_KIND_MAX; i++) {
        struct np_span folder = np_span_of(folders[i]);
        struct np_span name = np_span_from(text, folder.len);
        if (np_span_starts(text, folder) && np_span_ends(name, NP_SPAN(".yml")) &&
            memchr(name.ptr, '/', name.len) == NULL)
            return (enum file_kind) i;
    }
    return FILE_KIND_MAX;
}

struct np_span np_load_stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct np_span name = np_span_of(slash != NULL ? slash + 1 : path);
    return np_span_head(name, name.len - strlen(".yml"));
}

static struct np_diag file_problem(const char *path)
{
    return (struct np_diag){
        .place = {path, 1, 1}, .severity = NP_SEVERITY_ERROR, .code = "bad-file"};
}

/* Whether a file may have its path. */
static bool check_path(const struct np_loader *loader, const char *path)
{
    struct np_diag diag = file_problem(path);
    bool known = kind_of(path) != FILE_KIND_MAX;
    bool again = np_map_get(&loader->paths, np_span_of(path)) != NP_MAP_NONE;
    diag.hint = known ? NULL : "world.yml, or NAME.yml in calls/, attack/, twin/ or background/";
    if (!known || again)
        np_diag_add(loader->diags, diag, "%s",
                    known ? "stands twice among the files" : "no scenario file has this name");
    return known && !again;
}

/* The tree of a file; NULL where it has none, and that is told. */
static int read_tree(struct np_loader *loader, const struct np_scenario_file *file,
                     const struct np_yaml_node **out_root)
{
    const struct np_yaml_node *const *documents = NULL;
    size_t count = 0;
    *out_root = NULL;
    if (!check_path(loader, file->path))
        return 0;
    int r = np_map_put(&loader->paths, np_span_of(file->path), 0);
    if (r < 0)
        return r;
    r = np_yaml_load(&documents, &count, &loader->trees, file->path, file->text, loader->diags);
    if (r < 0)
        return r;
    if (count == 1)
        *out_root = documents[0];
    else
        np_diag_add(loader->diags, file_problem(file->path), "must hold one YAML document, not %zu",
                    count);
    return 0;
}

static int load_file(const struct np_load_file *file, enum file_kind kind)
{
    switch (kind) {
    case FILE_WORLD:
        return np_load_world(file);
    case FILE_CALLS:
        return np_load_calls(file);
    case FILE_ATTACK:
        return np_load_scenario(file, NP_SCENARIO_ATTACK);
    case FILE_TWIN:
        return np_load_scenario(file, NP_SCENARIO_TWIN);
    default:
        return np_load_scenario(file, NP_SCENARIO_BACKGROUND);
    }
}

static int load_kind(struct np_loader *loader, const struct np_scenario_file *files,
                     const struct np_yaml_node *const *roots, size_t count, enum file_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        struct np_load_file file = {loader, files[i].path, roots[i]};
        int r = kind_of(file.path) == kind ? load_file(&file, kind) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

/* The calls are all known: steps may point at them. */
static int keep_calls(struct np_loader *loader)
{
    size_t bytes = loader->calls.len * sizeof(struct np_call);
    struct np_call *calls = np_arena_alloc(&loader->set->arena, bytes);
    if (calls == NULL)
        return -ENOMEM;
    if (bytes > 0)
        memcpy(calls, loader->calls.items, bytes);
    loader->set->calls = calls;
    loader->set->call_count = loader->calls.len;
    return 0;
}

static int load_all(struct np_loader *loader, const struct np_scenario_file *files,
                    const struct np_yaml_node **roots, size_t count)
{
    bool whole = true;
    bool world = false;
    for (size_t i = 0; i < count; i++) {
        int r = read_tree(loader, &files[i], &roots[i]);
        if (r < 0)
            return r;
        whole = whole && roots[i] != NULL;
        world = world || kind_of(files[i].path) == FILE_WORLD;
    }
    if (!world)
        np_diag_add(loader->diags, file_problem("world.yml"), "is missing");
    if (!whole || !world)
        return 0;
    for (int kind = 0; kind < FILE_KIND_MAX; kind++) {
        int r = load_kind(loader, files, roots, count, (enum file_kind) kind);
        if (r == 0 && kind == FILE_CALLS)
            r = keep_calls(loader);
        if (r < 0)
            return r;
    }
    np_load_check_scenarios(loader);
    return np_load_finish(loader);
}

static void begin(struct np_loader *loader, struct np_diag_list *diags)
{
    *loader = (struct np_loader){.diags = diags};
    np_arena_init(&loader->trees, NP_LOAD_MAX_BYTES);
    np_map_init(&loader->paths, NP_LOAD_MAX_FILES);
    np_map_init(&loader->call_ids, NP_LOAD_MAX_CALLS);
    np_map_init(&loader->scenario_ids, NP_LOAD_MAX_SCENARIOS);
}

static void end(struct np_loader *loader)
{
    np_arena_done(&loader->trees);
    np_map_done(&loader->paths);
    np_vec_done(&loader->calls);
    np_map_done(&loader->call_ids);
    np_vec_done(&loader->call_words);
    np_vec_done(&loader->scenarios);
    np_vec_done(&loader->origins);
    np_map_done(&loader->scenario_ids);
}

static int fail(int code, size_t errors, struct np_err *err)
{
    switch (code) {
    case -EINVAL:
        return np_fail(err, code, "%zu problem%s in the scenario files", errors,
                       errors == 1 ? "" : "s");
    case -E2BIG:
        return np_fail(err, code, "more than %d files, %d calls or %d scenarios", NP_LOAD_MAX_FILES,
                       NP_LOAD_MAX_CALLS, NP_LOAD_MAX_SCENARIOS);
    default:
        return np_fail(err, code, "the scenario files need more than %d MiB, or memory is out",
                       NP_LOAD_MAX_BYTES / (1024 * 1024));
    }
}

int np_scenario_set_load(struct np_scenario_set **out_set, const struct np_scenario_file *files,
                         size_t count, struct np_diag_list *diags, struct np_err *err)
{
    struct np_loader loader;
    size_t errors = diags->errors;
    struct np_scenario_set *set = np_alloc(sizeof(*set));
    const struct np_yaml_node **roots = np_alloc_array(count, sizeof(*roots));
    int r = set != NULL && roots != NULL ? 0 : -ENOMEM;
    begin(&loader, diags);
    loader.set = set;
    if (r == 0) {
        np_arena_init(&set->arena, NP_LOAD_MAX_BYTES);
        r = load_all(&loader, files, roots, count);
    }
    end(&loader);
    np_free(roots);
    if (r == 0 && diags->errors > errors)
        r = -EINVAL;
    if (r == 0)
        *out_set = NP_TAKE(set);
    np_scenario_set_free(&set);
    return r < 0 ? fail(r, diags->errors - errors, err) : 0;
}

void np_scenario_set_free(struct np_scenario_set **set)
{
    if (set == NULL || *set == NULL)
        return;
    np_arena_done(&(*set)->arena);
    np_free(*set);
    *set = NULL;
}

size_t np_scenario_set_count(const struct np_scenario_set *set)
{
    return set->named_count;
}

struct np_scenario_info np_scenario_set_info(const struct np_scenario_set *set, size_t index)
{
    return set->named[index].info;
}
