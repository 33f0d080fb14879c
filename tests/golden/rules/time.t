# SPDX-License-Identifier: Apache-2.0
# minute, hour, day, week, month, year: a part of the time that a field holds, in UTC.

at|hour: 11
{"at":"2023-07-10T11:45:01Z"}
match
{"at":"2023-07-10 11:59:59"}
match
{"at":"2023-07-10T11:45:01.123456789Z"}
match
{"at":"2023-07-10T13:45:01+02:00"}
match
{"at":"2023-07-10T11:45:01+02:00"}
no match
{"at":"2023-07-10T12:00:00Z"}
no match
{"at":"11:45"}
no match
{"at":"11"}
no match
{"at":11}
no match
{"at":null}
no match
{"at":{"at":"2023-07-10T11:45:01Z"}}
no match
{}
no match

at|minute: 45
{"at":"2023-07-10T11:45:01Z"}
match
{"at":"2023-07-10T11:45:01+00:30"}
no match

at|day: 9
{"at":"2023-07-10T01:00:00+02:00"}
match
{"at":"2023-07-09"}
match
{"at":"2023-07-10T01:00:00Z"}
no match

at|month: [1, 7]
{"at":"2023-07-10T11:45:01Z"}
match
{"at":"2023-01-01"}
match
{"at":"2023-06-30T23:59:59Z"}
no match

at|year: 2024
{"at":"2023-12-31T23:30:00-01:00"}
match
{"at":"2023-12-31T23:30:00Z"}
no match

# Weeks are those of ISO 8601: they begin on Monday, and the first holds the year's first Thursday.
at|week: 53
{"at":"2021-01-03T12:00:00Z"}
match
{"at":"2020-12-28T12:00:00Z"}
match
{"at":"2021-01-04T12:00:00Z"}
no match
{"at":"2020-12-27T12:00:00Z"}
no match

at|week: 1
{"at":"2018-12-31T12:00:00Z"}
match
{"at":"2021-01-04T12:00:00Z"}
match
{"at":"2021-01-01T12:00:00Z"}
no match

# Seconds since 1970 have 10 digits, milliseconds 13, microseconds 16, nanoseconds 19.
at|hour: 11
{"at":1688989501}
match
{"at":1688989501.25}
match
{"at":"1688989501"}
match
{"at":1688989501123}
match
{"at":1688989501123456}
match
{"at":1688989501123456789}
match
{"at":1688993101}
no match
{"at":16889895011}
no match
{"at":20230710}
no match
{"at":"20230710114501"}
no match

# Nothing is a time before September 2001 as a number: 0 is no time at all.
at|year: 1970
{"at":0}
no match
{"at":1970}
no match
{"at":"1970-01-01T00:00:00Z"}
match

# With comparisons, in any order of the modifiers.
at|hour|gte: 22
{"at":"2023-07-10T22:00:00Z"}
match
{"at":"2023-07-10T21:59:59Z"}
no match

at|lt|hour: 6
{"at":"2023-07-10T05:59:59Z"}
match
{"at":"2023-07-10T06:00:00Z"}
no match
{"at":"never"}
no match

at|hour|gt: 7
at|hour|lte: '19'
{"at":"2023-07-10T08:00:00Z"}
match
{"at":"2023-07-10T19:59:00Z"}
match
{"at":"2023-07-10T07:59:00Z"}
no match
{"at":"2023-07-10T20:00:00Z"}
no match

at|hour|neq: [11, 12]
{"at":"2023-07-10T13:00:00Z"}
match
{"at":"2023-07-10T11:00:00Z"}
no match
{}
match

# Any element of an array; with all, each of the values.
at|minute|all: [1, 2]
{"at":["2023-07-10T11:01:00Z","2023-07-10T11:02:00Z"]}
match
{"at":["2023-07-10T11:01:00Z","2023-07-10T11:03:00Z"]}
no match

at|hour: 24
refused

at|minute: 60
refused

at|day: 0
refused

at|week: 54
refused

at|month: 1.5
refused

at|year: soon
refused

at|hour: null
refused

at|hour|minute: 5
refused

at|hour|contains: 5
refused
