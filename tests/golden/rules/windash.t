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

# As many as there are, wherever they stand.
cmd|windash|contains: ' -a /b --c=x-y -d'
{"cmd":"tool -a /b --c=x-y -d"}
match
{"cmd":"tool /a –b —―C=x/y -d"}
match
{"cmd":"tool -a /b -c=x-y -d"}
no match

cmd|windash: '*-?-x'
{"cmd":"–é―X"}
match
{"cmd":"tool /é/x"}
match
{"cmd":"tool /x"}
no match

cmd|windash|cased|startswith: '-A'
{"cmd":"/Ab"}
match
{"cmd":"/ab"}
no match

# Before an encoding each form has a code of its own.
cmd|windash|base64offset|contains: '-a-'
{"cmd":"L2Et"}
match
{"cmd":"LWEt"}
match
{"cmd":"4oCVYeKAlQ=="}
match
{"cmd":"K2Et"}
no match

cmd|windash|base64: -a -b -c -d -e
refused

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
