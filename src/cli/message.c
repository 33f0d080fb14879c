/* SPDX-License-Identifier: Apache-2.0 */
/* One line on stderr, made safe as a whole. */
#include "cli/message.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>

#include "sink/escape.h"

enum { MESSAGE_BYTES = 4096 };

enum np_charset np_message_charset(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? NP_CHARSET_UNICODE : NP_CHARSET_ASCII;
}

void np_message(const char *fmt, ...)
{
    char text[MESSAGE_BYTES];
    va_list args;
    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args); /* a cut message is still a message */
    va_end(args);
    np_escape_print(stderr, np_message_charset(), "nepho: %s", text);
}

void np_message_diag_print(FILE *stream, const struct np_diag *diag)
{
    char place[32] = "";
    if (diag->place.line > 0 && diag->place.column > 0)
        (void) snprintf(place, sizeof(place), ":%u:%u", diag->place.line, diag->place.column);
    else if (diag->place.line > 0)
        (void) snprintf(place, sizeof(place), ":%u", diag->place.line);
    bool has_hint = diag->hint != NULL && diag->hint[0] != '\0';
    np_escape_print(stream, np_message_charset(), "%s%s: %s: %s%s%s%s", diag->place.file, place,
                    diag->severity == NP_SEVERITY_ERROR ? "error" : "warning", diag->message,
                    has_hint ? " (" : "", has_hint ? diag->hint : "", has_hint ? ")" : "");
}
