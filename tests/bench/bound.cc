/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bound that the bench compares with: what the JSON reader alone needs to take 15 fields of each record, 14 as
 * unescaped strings and requestParameters as raw bytes. Reads NDJSON line by line or in one stream of documents, or gzip objects
 * inflated by libdeflate. Prints the number of records and a sum that keeps the work from being left out.
 *
 * Of a capture of system calls: what it takes to unpack it and to walk over its blocks, the head and the lengths of the
 * parameters of each event.
 *
 *   bound lines FILE    bound many FILE    bound objects - (paths on stdin)    bound capture FILE
 */
#include <fcntl.h>
#include <libdeflate.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

using namespace simdjson;

static size_t records;
static size_t taken;

static void take(simdjson_result<ondemand::value> value)
{
    std::string_view text;
    if (value.get_string().get(text) == SUCCESS)
        taken += text.size();
}

static void take_identity(ondemand::object identity)
{
    for (auto field : identity) {
        std::string_view key = field.key().raw() != nullptr ? std::string_view(field.unescaped_key()) : "";
        if (key == "type" || key == "arn" || key == "accountId" || key == "accessKeyId")
            take(field.value());
    }
}

static bool is_string_field(std::string_view key)
{
    static const std::string_view names[] = {
        "eventName", "eventSource", "eventTime",    "awsRegion", "sourceIPAddress",
        "userAgent", "errorCode",   "errorMessage", "eventID",   "recipientAccountId"};
    for (std::string_view name : names)
        if (key == name)
            return true;
    return false;
}

static void take_record(ondemand::object record)
{
    records++;
    for (auto field : record) {
        std::string_view key;
        if (field.unescaped_key().get(key) != SUCCESS)
            return;
        if (is_string_field(key)) {
            take(field.value());
        } else if (key == "userIdentity") {
            ondemand::object identity;
            if (field.value().get_object().get(identity) == SUCCESS)
                take_identity(identity);
        } else if (key == "requestParameters") {
            ondemand::object parameters;
            std::string_view raw;
            if (field.value().get_object().get(parameters) == SUCCESS && parameters.raw_json().get(raw) == SUCCESS)
                taken += raw.size();
        }
    }
}

static std::vector<char> read_file(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat status = {};
    if (fd < 0 || fstat(fd, &status) < 0) {
        perror(path);
        exit(1);
    }
    std::vector<char> bytes(static_cast<size_t>(status.st_size) + SIMDJSON_PADDING);
    size_t len = 0;
    for (ssize_t n; (n = read(fd, bytes.data() + len, bytes.size() - SIMDJSON_PADDING - len)) > 0;)
        len += static_cast<size_t>(n);
    close(fd);
    bytes.resize(len + SIMDJSON_PADDING);
    return bytes;
}

static void lines(const char *path)
{
    std::vector<char> bytes = read_file(path);
    const char *at = bytes.data();
    const char *end = at + bytes.size() - SIMDJSON_PADDING;
    ondemand::parser parser;
    while (at < end) {
        const char *newline = static_cast<const char *>(memchr(at, '\n', static_cast<size_t>(end - at)));
        const char *stop = newline != nullptr ? newline : end;
        ondemand::document document;
        ondemand::object record;
        padded_string_view line(at, static_cast<size_t>(stop - at), static_cast<size_t>(end - at) + SIMDJSON_PADDING);
        if (parser.iterate(line).get(document) == SUCCESS && document.get_object().get(record) == SUCCESS)
            take_record(record);
        at = stop + 1;
    }
}

static void many(const char *path)
{
    std::vector<char> bytes = read_file(path);
    ondemand::parser parser;
    ondemand::document_stream stream;
    if (parser.iterate_many(bytes.data(), bytes.size() - SIMDJSON_PADDING, 1000000).get(stream) != SUCCESS)
        exit(1);
    for (auto document : stream) {
        ondemand::object record;
        if (document.get_object().get(record) == SUCCESS)
            take_record(record);
    }
}

static void object(const char *path, libdeflate_decompressor *inflate, std::vector<char> &out, ondemand::parser &parser)
{
    std::vector<char> packed = read_file(path);
    size_t len = packed.size() - SIMDJSON_PADDING;
    uint32_t claimed;
    memcpy(&claimed, packed.data() + len - 4, 4);
    if (out.size() < claimed + SIMDJSON_PADDING)
        out.resize(claimed + SIMDJSON_PADDING);
    size_t unpacked = 0;
    if (libdeflate_gzip_decompress(inflate, packed.data(), len, out.data(), claimed, &unpacked) != LIBDEFLATE_SUCCESS)
        exit(1);
    ondemand::document document;
    ondemand::array list;
    if (parser.iterate(out.data(), unpacked, out.size()).get(document) != SUCCESS ||
        document["Records"].get_array().get(list) != SUCCESS)
        exit(1);
    for (auto element : list) {
        ondemand::object record;
        if (element.get_object().get(record) == SUCCESS)
            take_record(record);
    }
}

static void take_event(const char *body)
{
    enum { HEAD = 28, COUNT_AT = 24 };
    uint32_t count;
    memcpy(&count, body + COUNT_AT, sizeof(count));
    for (uint32_t i = 0; i < count; i++) {
        uint16_t len;
        memcpy(&len, body + HEAD + i * sizeof(len), sizeof(len));
        taken += len;
    }
    records++;
}

static void capture(const char *path)
{
    enum { EVENT = 0x216, BLOCK_HEAD = 8, WINDOW = 1 << 20, LONGEST = 1 << 16 };
    std::vector<char> window(WINDOW);
    size_t at = 0, held = 0;
    gzFile file = gzopen(path, "rb");
    if (file == nullptr || gzbuffer(file, LONGEST) != 0)
        exit(1);
    for (;;) {
        if (held < LONGEST && !gzeof(file)) {
            memmove(window.data(), window.data() + at, held);
            at = 0;
            int len = gzread(file, window.data() + held, static_cast<unsigned>(WINDOW - held));
            if (len < 0)
                exit(1);
            held += static_cast<size_t>(len);
        }
        if (held == 0)
            break;
        uint32_t type, len;
        memcpy(&type, window.data() + at, sizeof(type));
        memcpy(&len, window.data() + at + sizeof(type), sizeof(len));
        if (type == EVENT)
            take_event(window.data() + at + BLOCK_HEAD);
        at += len;
        held -= len;
    }
    gzclose(file);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    if (strcmp(argv[1], "lines") == 0) {
        lines(argv[2]);
    } else if (strcmp(argv[1], "many") == 0) {
        many(argv[2]);
    } else if (strcmp(argv[1], "capture") == 0) {
        capture(argv[2]);
    } else {
        libdeflate_decompressor *inflate = libdeflate_alloc_decompressor();
        std::vector<char> out;
        ondemand::parser parser;
        char path[4096];
        while (fgets(path, sizeof(path), stdin) != nullptr) {
            path[strcspn(path, "\n")] = '\0';
            object(path, inflate, out, parser);
        }
        libdeflate_free_decompressor(inflate);
    }
    printf("%zu records %zu\n", records, taken);
    return 0;
}
