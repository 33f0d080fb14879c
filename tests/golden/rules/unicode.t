# SPDX-License-Identifier: Apache-2.0
# Folding is Unicode where the value is not ASCII.

name: übel
{"name":"übel"}
match
{"name":"ÜBEL"}
match
{"name":"\u00dcbel"}
match
{"name":"ubel"}
no match

name|contains: ГРУППА
{"name":"эта группа"}
match
{"name":"эта труппа"}
no match

name|startswith: ÉCOLE
{"name":"école normale"}
match

name|endswith: Ω
{"name":"αω"}
match

# Full folding: the sharp s is two letters, the final sigma a sigma.
name: straße
{"name":"STRASSE"}
match
{"name":"Straße"}
match
{"name":"STRAẞE"}
match
{"name":"strase"}
no match

name: ΣΊΣΥΦΟΣ
{"name":"σίσυφος"}
match

name|cased: Übel
{"name":"Übel"}
match
{"name":"übel"}
no match

name: [eins, zwölf]
{"name":"ZWÖLF"}
match
{"name":"zwolf"}
no match

# '?' is one character as it is written, however many letters it folds to.
name: stra?e
{"name":"straße"}
match
{"name":"strasse"}
no match

name: ü?er*
{"name":"ÜBERALL"}
match
{"name":"üer"}
no match

# Scripts without case.
name|contains: 日本
{"name":"新日本語"}
match
{"name":"日 本"}
no match
