# SPDX-License-Identifier: Apache-2.0
# Equality is without regard to case, of plain values as well; with all of Unicode where the value is not ASCII.

# A rule says NO, CloudTrail writes No.
eventName: ConsoleLogin
additionalEventData.MFAUsed: 'NO'
{"eventName":"ConsoleLogin","additionalEventData":{"MFAUsed":"No"}}
match
{"eventName":"consolelogin","additionalEventData":{"MFAUsed":"NO"}}
match
{"eventName":"ConsoleLogin","additionalEventData":{"MFAUsed":"Yes"}}
no match

eventName: [stoplogging, DELETETRAIL]
{"eventName":"StopLogging"}
match
{"eventName":"DeleteTrail"}
match

eventName: 'stop*'
{"eventName":"StopLogging"}
match

userName: Zoë
{"userName":"ZOË"}
match
{"userName":"Zoe"}
no match
