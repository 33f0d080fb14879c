/* SPDX-License-Identifier: Apache-2.0 */
/*
 * userIdentity: see identity.h. Which keys there are, and their order, is that of real records; for kinds of caller that
 * public trails do not show, that of the CloudTrail user guide, "CloudTrail userIdentity element".
 */
#include "simulate/play/identity.h"

#include <string.h>

#include "base/hash.h"
#include "simulate/play/fields.h"

static struct np_span get(const struct np_member *member, enum np_attribute attribute)
{
    return np_member_attribute(member, attribute);
}

/* Versions up to 1.08 write parts of a session's context that are empty. */
static bool shows_empty_parts(struct np_span version)
{
    return np_span_compare(version, NP_SPAN("1.08")) <= 0 && version.len == 4;
}

/* Who stands behind a session: a role, or a user; nobody behind the console session of a user. */
static const struct np_member *issuer_of(const struct np_member *by)
{
    if (by->is != NP_IS_CONSOLE || by->of == NULL)
        return by->of;
    return by->of->is == NP_IS_SESSION ? by->of->of : NULL;
}

static void write_issuer(struct np_buf *buf, const struct np_member *issuer)
{
    struct np_fields fields = np_fields_begin(buf);
    if (issuer != NULL) {
        np_field(&fields, "type", issuer->is == NP_IS_ROLE ? NP_SPAN("Role") : NP_SPAN("IAMUser"));
        np_field(&fields, "principalId", get(issuer, NP_ATTRIBUTE_ID));
        np_field(&fields, "arn", get(issuer, NP_ATTRIBUTE_ARN));
        np_field(&fields, "accountId", get(issuer, NP_ATTRIBUTE_ACCOUNT));
        np_field(&fields, "userName", get(issuer, NP_ATTRIBUTE_NAME));
    }
    np_fields_end(&fields);
}

static void write_attributes(struct np_buf *buf, const struct np_member *session)
{
    char since[NP_TIME_TEXT_BYTES];
    struct np_span mfa = get(session, NP_ATTRIBUTE_MFA);
    struct np_fields fields = np_fields_begin(buf);
    np_time_format(since, session->since - session->since % NP_NS_PER_S);
    np_field(&fields, "creationDate", np_span_of(since));
    np_field(&fields, "mfaAuthenticated", mfa.len > 0 ? mfa : NP_SPAN("false"));
    np_fields_end(&fields);
}

static void write_web_identity(struct np_fields *context, const struct np_identity *identity)
{
    struct np_span provider = get(identity->by, NP_ATTRIBUTE_PROVIDER);
    bool is_web = provider.len > 0 && memmem(provider.ptr, provider.len, ":oidc-provider/", 15);
    if (!is_web && !shows_empty_parts(identity->version))
        return;
    struct np_buf *buf = np_field_raw(context, "webIdFederationData");
    struct np_fields fields = np_fields_begin(buf);
    if (is_web) {
        np_field(&fields, "federatedProvider", provider);
        (void) np_buf_add_str(np_field_raw(&fields, "attributes"), "{}");
    }
    np_fields_end(&fields);
}

static void write_context(struct np_buf *buf, const struct np_identity *identity)
{
    const struct np_member *by = identity->by;
    const struct np_member *issuer = issuer_of(by);
    struct np_fields fields = np_fields_begin(buf);
    if (issuer != NULL || shows_empty_parts(identity->version))
        write_issuer(np_field_raw(&fields, "sessionIssuer"), issuer);
    write_web_identity(&fields, identity);
    write_attributes(np_field_raw(&fields, "attributes"), by);
    np_field_given(&fields, "sourceIdentity", get(by, NP_ATTRIBUTE_SOURCE));
    np_field_given(&fields, "ec2RoleDelivery", get(by, NP_ATTRIBUTE_DELIVERY));
    np_fields_end(&fields);
}

static void write_principal(struct np_fields *fields, const struct np_identity *identity,
                            struct np_span type)
{
    const struct np_member *by = identity->by;
    bool is_unknown = identity->is_sign_in && identity->is_failed;
    np_field(fields, "type", type);
    np_field(fields, "principalId", get(by, NP_ATTRIBUTE_ID));
    if (!is_unknown)
        np_field(fields, "arn", get(by, NP_ATTRIBUTE_ARN));
    np_field(fields, "accountId", get(by, NP_ATTRIBUTE_ACCOUNT));
    if (is_unknown)
        np_field(fields, "accessKeyId", (struct np_span){});
    else if (!identity->is_sign_in && get(by, NP_ATTRIBUTE_INVOKED).len == 0)
        np_field_given(fields, "accessKeyId", get(by, NP_ATTRIBUTE_KEY));
}

/* Users, by key or in the console. */
static void write_user(struct np_fields *fields, const struct np_identity *identity)
{
    const struct np_member *by = identity->by;
    write_principal(fields, identity, NP_SPAN("IAMUser"));
    np_field(fields, "userName", get(by, NP_ATTRIBUTE_NAME));
    if (by->is == NP_IS_CONSOLE && !identity->is_sign_in)
        write_context(np_field_raw(fields, "sessionContext"), identity);
}

static void write_session(struct np_fields *fields, const struct np_identity *identity)
{
    bool is_federated = identity->by->is == NP_IS_FEDERATED;
    write_principal(fields, identity,
                    is_federated ? NP_SPAN("FederatedUser") : NP_SPAN("AssumedRole"));
    write_context(np_field_raw(fields, "sessionContext"), identity);
}

static void write_root(struct np_fields *fields, const struct np_identity *identity)
{
    write_principal(fields, identity, NP_SPAN("Root"));
    if (identity->by->is == NP_IS_CONSOLE && !identity->is_sign_in)
        write_context(np_field_raw(fields, "sessionContext"), identity);
}

static void write_service(struct np_fields *fields, const struct np_identity *identity)
{
    if (identity->is_service_event)
        np_field(fields, "accountId", identity->account);
    else
        np_field(fields, "type", NP_SPAN("AWSService"));
    np_field(fields, "invokedBy", get(identity->by, NP_ATTRIBUTE_NAME));
}

static void write_stranger(struct np_fields *fields, const struct np_identity *identity)
{
    np_field(fields, "type", NP_SPAN("AWSAccount"));
    np_field(fields, "principalId", get(identity->by, NP_ATTRIBUTE_ID));
    np_field(fields, "accountId", get(identity->by, NP_ATTRIBUTE_ACCOUNT));
}

/* Whom an identity provider vouches for; of a SAML provider CloudTrail shows a hash, in base64. */
static void write_visitor(struct np_fields *fields, const struct np_identity *identity)
{
    struct np_span provider = get(identity->by, NP_ATTRIBUTE_PROVIDER);
    struct np_span name = get(identity->by, NP_ATTRIBUTE_NAME);
    bool is_web = provider.len > 0 && memmem(provider.ptr, provider.len, ":oidc-provider/", 15);
    char hash[33];
    if (!is_web) {
        np_hash128_format(hash, np_hash128(provider, 0));
        memcpy(hash + 27, "=", 2); /* as long as 20 bytes in base64 */
        provider = np_span_of(hash);
    }
    np_field(fields, "type", is_web ? NP_SPAN("WebIdentityUser") : NP_SPAN("SAMLUser"));
    struct np_buf *buf = np_field_raw(fields, "principalId");
    (void) np_buf_add_char(buf, '"');
    np_text_escape(buf, provider);
    np_text_escape(buf, is_web ? NP_SPAN(":sts.amazonaws.com:") : NP_SPAN(":"));
    np_text_escape(buf, name);
    (void) np_buf_add_char(buf, '"');
    np_field(fields, "userName", name);
    np_field(fields, "identityProvider", provider);
}

typedef void write_fn(struct np_fields *fields, const struct np_identity *identity);

static write_fn *writer_of(const struct np_identity *identity)
{
    static write_fn *const writers[NP_IS_MAX] = {
        [NP_IS_USER] = write_user,       [NP_IS_KEY] = write_user,
        [NP_IS_SESSION] = write_session, [NP_IS_FEDERATED] = write_session,
        [NP_IS_ROOT] = write_root,       [NP_IS_SERVICE] = write_service,
        [NP_IS_VISITOR] = write_visitor, [NP_IS_EXTERNAL] = write_stranger,
        [NP_IS_CONSOLE] = write_user,
    };
    const struct np_member *by = identity->by;
    bool is_console = by->is == NP_IS_CONSOLE && by->of != NULL;
    bool stays = by->is == NP_IS_SERVICE || by->is == NP_IS_VISITOR;
    if ((identity->is_abroad && !stays) || writers[by->is] == NULL)
        return write_stranger;
    if (is_console && by->of->is == NP_IS_ROOT)
        return write_root;
    return is_console && by->of->is == NP_IS_SESSION ? write_session : writers[by->is];
}

void np_identity_write(struct np_buf *buf, const struct np_identity *identity)
{
    struct np_span invoked =
        identity->via.len > 0 ? identity->via : get(identity->by, NP_ATTRIBUTE_INVOKED);
    struct np_fields fields = np_fields_begin(buf);
    writer_of(identity)(&fields, identity);
    if (identity->by->is != NP_IS_SERVICE)
        np_field_given(&fields, "invokedBy", invoked);
    np_fields_end(&fields);
}
