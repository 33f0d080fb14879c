/* SPDX-License-Identifier: Apache-2.0 */
/* Parses FORMAT[:FILE|:URL] and opens what it names. */
#include "cli/outputs.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/suggest.h"

static int open_stdout(struct np_outputs *outputs, struct np_output *output, struct np_err *err)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->items[i].owns_out && np_out_is_stdout(outputs->items[i].out)) {
            output->out = outputs->items[i].out;
            return 0;
        }
    output->owns_out = true;
    int r = np_out_stdout(&output->out);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

static bool is_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* Opens where an output goes: `where` is a file, a URL where the format can be posted, or NULL. */
static int open_where(struct np_outputs *outputs, struct np_output *output, const char *where,
                      struct np_err *err)
{
    if (where == NULL)
        return open_stdout(outputs, output, err);
    if (where[0] == '\0')
        return np_fail(err, -EINVAL, "-o: '%.*s:' names no file", NP_SPAN_ARGS(output->format));
    if (is_url(where)) {
        const struct np_sink_ops *sink = np_sink_find(output->format);
        output->url = where;
        return sink != NULL && sink->posts
                   ? 0
                   : np_fail(err, -EINVAL, "-o: '%.*s' goes to files only, not to a URL",
                             NP_SPAN_ARGS(output->format));
    }
    output->owns_out = true;
    return np_out_file(&output->out, where, err);
}

static int open_one(struct np_outputs *outputs, const char *text, const char *const *formats,
                    size_t format_count, struct np_err *err)
{
    const char *colon = strchr(text, ':');
    struct np_output output = {
        .format = np_span_make(text, colon != NULL ? (size_t) (colon - text) : strlen(text))};
    bool known = false;
    for (size_t i = 0; i < format_count; i++)
        known = known || np_span_is(output.format, formats[i]);
    if (!known) {
        const char *near = np_suggest(output.format, formats, format_count);
        return np_fail(err, -EINVAL, "-o: there is no format '%.*s'; did you mean '%s'?",
                       NP_SPAN_ARGS(output.format), near != NULL ? near : formats[0]);
    }
    if (outputs->count == NP_OUTPUTS_MAX)
        return np_fail(err, -EINVAL, "-o: more than %d outputs", NP_OUTPUTS_MAX);
    int r = open_where(outputs, &output, colon != NULL ? colon + 1 : NULL, err);
    if (r == 0)
        outputs->items[outputs->count++] = output;
    return r;
}

int np_outputs_open(struct np_outputs *out_outputs, const struct np_args *args,
                    const char *const *formats, size_t format_count, struct np_err *err)
{
    int r = 0;
    *out_outputs = (struct np_outputs){};
    for (size_t i = 0; i < args->given.len && r == 0; i++)
        if (args->given.items[i].id == NP_OPT_OUTPUT)
            r = open_one(out_outputs, args->given.items[i].value, formats, format_count, err);
    return r < 0 || out_outputs->count > 0
               ? r
               : open_one(out_outputs, formats[0], formats, format_count, err);
}

int np_outputs_flush(struct np_outputs *outputs, struct np_err *err)
{
    for (size_t i = 0; i < outputs->count; i++) {
        int r = outputs->items[i].out != NULL ? np_out_flush(outputs->items[i].out, err) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

void np_outputs_done(struct np_outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->items[i].owns_out)
            np_out_free(&outputs->items[i].out);
    outputs->count = 0;
}

uint32_t np_output_terminal_width(int fd)
{
    struct winsize size = {};
    return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

uint32_t np_output_width(const struct np_out *out)
{
    return out != NULL && np_out_is_terminal(out) ? np_output_terminal_width(STDOUT_FILENO) : 0;
}

bool np_output_wants_colour(const struct np_out *out)
{
    const char *no_colour = getenv("NO_COLOR");
    return out != NULL && np_out_is_terminal(out) && (no_colour == NULL || no_colour[0] == '\0');
}
