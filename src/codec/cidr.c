/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses are read by inet_pton(), which is as strict as we want to be. */
#include "codec/cidr.h"

#include <arpa/inet.h>

enum { IPV4_BITS = 32, IPV6_BITS = 128, MAPPED_BITS = IPV6_BITS - IPV4_BITS };

/* Reads one address with its full prefix. */
static bool parse_address(struct np_span text, struct np_cidr *out_cidr)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.ptr, '\0', text.len) != NULL)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    struct np_cidr cidr = {.prefix = IPV4_BITS};
    if (inet_pton(AF_INET, copy, cidr.bytes) != 1) {
        if (inet_pton(AF_INET6, copy, cidr.bytes) != 1)
            return false;
        cidr.prefix = IPV6_BITS;
        cidr.is_ipv6 = true;
    }
    *out_cidr = cidr;
    return true;
}

/* Makes ::ffff:a.b.c.d/n the IPv4 network that it stands for. */
static void unmap(struct np_cidr *cidr)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (!cidr->is_ipv6 || cidr->prefix < MAPPED_BITS || memcmp(cidr->bytes, mapped, 12) != 0)
        return;
    memmove(cidr->bytes, cidr->bytes + 12, 4);
    memset(cidr->bytes + 4, 0, 12);
    cidr->prefix = (uint8_t) (cidr->prefix - MAPPED_BITS);
    cidr->is_ipv6 = false;
}

/* Reads the decimal behind the slash, up to `max`. */
static bool parse_prefix(struct np_span text, unsigned max, uint8_t *out_prefix)
{
    if (text.len == 0 || text.len > 3 || (text.ptr[0] == '0' && text.len > 1))
        return false;
    unsigned prefix = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        prefix = prefix * 10 + (unsigned) (text.ptr[i] - '0');
    }
    if (prefix > max)
        return false;
    *out_prefix = (uint8_t) prefix;
    return true;
}

static void clear_host_bits(struct np_cidr *cidr)
{
    size_t whole = cidr->prefix / 8;
    if (whole >= sizeof(cidr->bytes))
        return;
    cidr->bytes[whole] &= (uint8_t) (0xff00u >> cidr->prefix % 8);
    memset(cidr->bytes + whole + 1, 0, sizeof(cidr->bytes) - whole - 1);
}

bool np_cidr_parse(struct np_span text, struct np_cidr *out_cidr)
{
    const char *slash = text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    size_t address_len = slash != NULL ? (size_t) (slash - text.ptr) : text.len;
    struct np_cidr cidr;
    if (!parse_address(np_span_head(text, address_len), &cidr))
        return false;
    if (slash != NULL &&
        !parse_prefix(np_span_from(text, address_len + 1), cidr.prefix, &cidr.prefix))
        return false;
    unmap(&cidr);
    clear_host_bits(&cidr);
    *out_cidr = cidr;
    return true;
}

bool np_cidr_contains(const struct np_cidr *cidr, struct np_span address)
{
    struct np_cidr one;
    if (!parse_address(address, &one))
        return false;
    unmap(&one);
    if (one.is_ipv6 != cidr->is_ipv6)
        return false;
    one.prefix = cidr->prefix;
    clear_host_bits(&one);
    return memcmp(one.bytes, cidr->bytes, sizeof(one.bytes)) == 0;
}
