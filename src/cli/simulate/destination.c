/* SPDX-License-Identifier: Apache-2.0 */
/* Records to a trail or to lines: see destination.h. */
#include "cli/simulate/destination.h"

#include "base/suggest.h"
#include "codec/json/write.h"
#include "simulate/folder.h"

enum { PATH_MAX_BYTES = 4096 };

static const char *const formats[] = {"trail", "ndjson"};

static int open_trail(struct np_destination *destination, struct np_span organization,
                      uint64_t seed, struct np_err *err)
{
    if (np_span_is(np_span_of(destination->path), "-"))
        return np_fail(err, -EINVAL,
                       "--format trail needs a folder; name one with -o, or use --format ndjson");
    return np_trail_new(&destination->trail, destination->path, organization, seed, err);
}

/* Lines to stdout, or to events.ndjson in the folder. */
static int open_lines(struct np_destination *destination, struct np_err *err)
{
    char path[PATH_MAX_BYTES];
    if (np_span_is(np_span_of(destination->path), "-")) {
        int r = np_out_stdout(&destination->lines);
        return r < 0 ? np_fail(err, r, "out of memory") : 0;
    }
    int len = snprintf(path, sizeof(path), "%s/events.ndjson", destination->path);
    if (len < 0 || (size_t) len >= sizeof(path))
        return np_fail(err, -ENAMETOOLONG, "-o: the name of the folder is too long");
    int r = np_folder_make_empty(destination->path, err);
    return r == 0 ? np_out_file(&destination->lines, path, err) : r;
}

/* Whether the records go into a trail: 1, 0, or -EINVAL where --format is none. */
static int wants_trail(const struct np_args *args, const char *path, struct np_err *err)
{
    const char *format = np_args_get(args, NP_OPT_FORMAT);
    if (format == NULL)
        return strcmp(path, "-") != 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(formats); i++)
        if (strcmp(format, formats[i]) == 0)
            return i == 0;
    const char *near = np_suggest(np_span_of(format), formats, NP_ARRAY_LEN(formats));
    if (near != NULL)
        return np_fail(err, -EINVAL, "--format: there is no format '%s'; did you mean '%s'?",
                       format, near);
    return np_fail(err, -EINVAL, "--format: there is no format '%s'; they are trail and ndjson",
                   format);
}

int np_destination_open(struct np_destination *out_destination, const struct np_args *args,
                        struct np_span organization, uint64_t seed, struct np_err *err)
{
    const char *labels = np_args_get(args, NP_OPT_LABELS);
    *out_destination = (struct np_destination){.path = np_args_get(args, NP_OPT_OUTPUT)};
    if (out_destination->path == NULL)
        return np_fail(err, -EINVAL, "name a new folder with -o DIR, or -o - for stdout");
    int r = wants_trail(args, out_destination->path, err);
    if (r >= 0)
        r = r > 0 ? open_trail(out_destination, organization, seed, err)
                  : open_lines(out_destination, err);
    if (r == 0 && labels != NULL)
        r = np_out_file(&out_destination->labels, labels, err);
    return r;
}

void np_destination_done(struct np_destination *destination)
{
    np_trail_free(&destination->trail);
    np_out_free(&destination->lines);
    np_out_free(&destination->labels);
}

static int add_label(struct np_destination *destination, const struct np_simulated *event,
                     struct np_err *err)
{
    struct np_json_writer writer;
    struct np_buf *buf = np_out_buf(destination->labels);
    np_json_writer_init(&writer, buf);
    np_json_begin_object(&writer, NULL);
    np_json_text(&writer, "event", event->event_id);
    np_json_cstr(&writer, "scenario", event->scenario);
    np_json_cstr(&writer, "step", event->step);
    np_json_bool(&writer, "attack", event->attack);
    np_json_end_object(&writer);
    (void) np_buf_add_char(buf, '\n');
    return np_out_commit(destination->labels, err);
}

static int add_line(struct np_destination *destination, const struct np_simulated *event,
                    struct np_err *err)
{
    struct np_buf *buf = np_out_buf(destination->lines);
    (void) np_buf_add_span(buf, event->record);
    (void) np_buf_add_char(buf, '\n');
    return np_out_commit(destination->lines, err);
}

int np_destination_add(struct np_destination *destination, const struct np_simulated *event,
                       struct np_err *err)
{
    int r = destination->trail != NULL ? np_trail_add(destination->trail, event, err)
                                       : add_line(destination, event, err);
    if (r == 0 && destination->labels != NULL && event->scenario != NULL && !event->repeated)
        r = add_label(destination, event, err);
    if (r < 0)
        return r;
    bool is_first = destination->records == 0;
    destination->records++;
    destination->repeated += event->repeated ? 1 : 0;
    destination->first = is_first ? event->time : NP_MIN(destination->first, event->time);
    destination->last = is_first ? event->time : NP_MAX(destination->last, event->time);
    return 0;
}

int np_destination_finish(struct np_destination *destination, struct np_err *err)
{
    int r = destination->trail != NULL ? np_trail_finish(destination->trail, err)
                                       : np_out_flush(destination->lines, err);
    return r == 0 && destination->labels != NULL ? np_out_flush(destination->labels, err) : r;
}
