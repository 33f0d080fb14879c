# SPDX-License-Identifier: Apache-2.0
# windash: the dash of an option as any of - / – (en dash) — (em dash) ― (horizontal bar).

cmd|windash|contains: ' -exec '
{"cmd":"tool -exec bypass"}
match
{"cmd":"tool /exec bypass"}
match
{"cmd":"tool –exec bypass"}
match
{"cmd":"tool —EXEC bypass"}
match
{"cmd":"tool ―exec bypass"}
match
{"cmd":"tool exec bypass"}
no match
{"cmd":"tool +exec bypass"}
no match

# From any of them to any other.
cmd|windash|contains: ' /exec '
{"cmd":"tool -exec bypass"}
match
{"cmd":"tool —exec bypass"}
match

# Each dash for itself.
cmd|contains|windash: ' -a -b'
{"cmd":"tool -a -b"}
match
{"cmd":"tool /a —b"}
match
{"cmd":"tool ―a /b"}
match
{"cmd":"tool /b /a"}
no match

cmd|windash|contains|all:
    - ' -a'
    - ' -b'
{"cmd":"tool /b –a"}
match
{"cmd":"tool /b"}
no match

cmd|windash|endswith: ' -x'
{"cmd":"tool /x"}
match
{"cmd":"tool /xy"}
no match

cmd|windash: tool -x
{"cmd":"TOOL /X"}
match
{"cmd":"tool -x "}
no match
