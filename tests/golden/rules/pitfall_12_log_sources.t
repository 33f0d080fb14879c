# SPDX-License-Identifier: Apache-2.0
# A rule runs where each of category, product and service that it names is the event's, in any case; other keys say nothing.

--as product=kubernetes,service=audit

logsource: {product: kubernetes, service: audit}
verb: create
{"verb":"create"}
match
{"verb":"get"}
no match

logsource: {product: Kubernetes, service: AUDIT}
verb: create
{"verb":"create"}
match

logsource: {product: kubernetes}
verb: create
{"verb":"create"}
match

logsource: {service: audit}
verb: create
{"verb":"create"}
match

logsource: {product: kubernetes, service: audit, definition: 'with request bodies', custom: x}
verb: create
{"verb":"create"}
match

# The event has no category.
logsource: {category: application, product: kubernetes, service: audit}
verb: create
{"verb":"create"}
no match

logsource: {product: gcp, service: audit}
verb: create
{"verb":"create"}
no match

logsource: {product: kubernetes, service: events}
verb: create
{"verb":"create"}
no match

--as product=kubernetes,category=application,service=audit

logsource: {category: application, product: kubernetes, service: audit}
verb: create
{"verb":"create"}
match

logsource: {product: kubernetes, service: audit}
verb: create
{"verb":"create"}
match

logsource: {category: application}
verb: create
{"verb":"create"}
match

logsource: {category: process_creation, product: kubernetes}
verb: create
{"verb":"create"}
no match

--as product=m365

logsource: {product: m365}
verb: create
{"verb":"create"}
match

logsource: {product: m365, service: exchange}
verb: create
{"verb":"create"}
no match

--as category=application

logsource: {category: application}
verb: create
{"verb":"create"}
match

logsource: {category: application, product: kubernetes}
verb: create
{"verb":"create"}
no match
