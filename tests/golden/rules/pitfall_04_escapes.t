# SPDX-License-Identifier: Apache-2.0
# A backslash is one, but before '*', '?' or another backslash; in an expression (re) it is the expression's.

path: 'C:\Windows\System32'
{"path":"C:\\Windows\\System32"}
match
{"path":"C:WindowsSystem32"}
no match

# Two are one.
path: 'C:\\Windows'
{"path":"C:\\Windows"}
match
{"path":"C:\\\\Windows"}
no match

# Three and four are two.
path: 'a\\\b'
{"path":"a\\\\b"}
match
{"path":"a\\b"}
no match

path: 'a\\\\b'
{"path":"a\\\\b"}
match
{"path":"a\\b"}
no match

# \* and \? are the characters.
path: 'a\*b\?'
{"path":"a*b?"}
match
{"path":"axb?"}
no match
{"path":"a*bx"}
no match
{"path":"a\\*b\\?"}
no match

# \\* is a backslash and a wildcard.
path: 'a\\*'
{"path":"a\\"}
match
{"path":"a\\b"}
match
{"path":"a*"}
no match
{"path":"ab"}
no match

# \\\* is a backslash and a star.
path: 'a\\\*'
{"path":"a\\*"}
match
{"path":"a\\b"}
no match
{"path":"a*"}
no match

# \\\\* is two backslashes and a wildcard.
path: 'a\\\\*'
{"path":"a\\\\b"}
match
{"path":"a\\b"}
no match

# A backslash at the end does not escape the wildcard that a modifier puts behind it.
path|contains: 'temp\'
{"path":"C:\\Temp\\x.exe"}
match
{"path":"C:\\Temp*"}
no match
{"path":"C:\\Temp"}
no match

path|startswith: '\\server\'
{"path":"\\server\\share"}
match
{"path":"\\server*"}
no match

path|endswith: '\cmd.exe'
{"path":"C:\\Windows\\cmd.exe"}
match
{"path":"C:\\Windows\\xcmd.exe"}
no match

# In an expression nothing is taken away.
path|re: '^a\\b\*$'
{"path":"a\\b*"}
match
{"path":"ab*"}
no match

# In double quotes YAML has escapes of its own, before these.
path: "a\\*"
{"path":"a*"}
match
{"path":"a\\b"}
no match
