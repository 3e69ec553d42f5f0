"""One sentence, its expressions and their values: the grammar and its operations together."""

from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest

from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag
from pipeline.enrich.quotations import find_quotations

WEDNESDAY = Reference(day=date(2013, 3, 20), zone=timezone(timedelta(hours=-4)))

# sentence: expression = value, in their order
CASES = {
    # days, by the calendar
    "It was founded on 12 May 1987 and closed on the 3rd of June 2011.": "12 May 1987=1987-05-12|the 3rd of"
    " June 2011=2011-06-03",
    "The report of Oct. 23, 1999, was late.": "Oct. 23, 1999=1999-10-23",
    "She died on Thursday, August 9th, 1990.": "Thursday, August 9th, 1990=1990-08-09",
    "The deadline is 03/25/2013.": "03/25/2013=2013-03-25",
    "He signed it on 25/03/2013.": "25/03/2013=2013-03-25",
    "The file of 2013-03-18 is lost.": "2013-03-18=2013-03-18",
    "Der Brief vom 19.03.2013 kam an.": "19.03.2013=2013-03-19",
    "It runs from March 3-5 in Rome.": "March 3=2013-03-03|5=2013-03-05",
    "It ran from 3 to 5 May 2012.": "3=2012-05-03|5 May 2012=2012-05-05",
    "Polls open on the first Monday in May.": "the first Monday in May=2013-05-06",
    "Unlucky Friday the 13th comes.": "Friday the 13th=2013-09-13",
    # days, by the verb
    "Police said Friday that he fled.": "Friday=2013-03-15",
    "Ministers will meet Friday.": "Friday=2013-03-22",
    "The results will be released on Monday.": "Monday=2013-03-25",
    "The bank was closed Monday.": "Monday=2013-03-18",
    "On Monday, the court ruled against him.": "Monday=2013-03-18",
    "The talks are scheduled for Thursday.": "Thursday=2013-03-21",
    "He could not be reached Tuesday.": "Tuesday=2013-03-19",
    "The deadline was put off until Tuesday.": "Tuesday=2013-03-26",
    "He spoke on Wednesday.": "Wednesday=2013-03-20",
    "Schools reopen on Thursday.": "Thursday=2013-03-21",
    "Flights resume at the weekend.": "the weekend=2013-W12-WE",
    "Stocks close higher Tuesday.": "Tuesday=2013-03-19",
    "The company's start on Monday was bad.": "Monday=2013-03-18",
    "Traders awaited a speech by the governor on Friday.": "Friday=2013-03-22",
    "Shares fell ahead of a speech by the governor on Friday.": "Friday=2013-03-22",
    "She finished two seconds ahead of the field on Friday.": "two seconds=PT2S|Friday=2013-03-15",
    "He resigned last Wednesday.": "last Wednesday=2013-03-13",
    "He returns next Friday.": "next Friday=2013-03-22",
    "From Monday to Thursday the roads were closed.": "Monday=2013-03-18|Thursday=2013-03-21",
    "The plant opened Dec. 1.": "Dec. 1=2012-12-01",
    "The plant will open Dec. 1.": "Dec. 1=2013-12-01",
    "They met in October.": "October=2012-10",
    "It will start in May.": "May=2013-05",
    "It may end.": "",
    "The march goes on.": "",
    # times of day
    "He left at 10:30 a.m. on Tuesday.": "10:30 a.m. on Tuesday=2013-03-19T10:30",
    "Results come on April 25 at 4:30 p.m. ET.": "April 25 at 4:30 p.m. ET=2013-04-25T16:30",
    "She was seen at noon Saturday.": "noon Saturday=2013-03-16T12:00",
    "They fought late Friday night.": "late Friday night=2013-03-15TNI",
    "Yesterday evening it rained.": "Yesterday evening=2013-03-19TEV",
    "It rained this morning and last night.": "this morning=2013-03-20TMO|last night=2013-03-19TNI",
    "On the morning of March 3 it snowed.": "the morning of March 3=2013-03-03TMO",
    "The quake struck at 0600 GMT.": "0600 GMT=2013-03-20T06:00",
    "United won 2:1.": "",
    # late, early, mid do not change the value
    "It fell late Friday.": "late Friday=2013-03-15",
    "It fell in mid-March.": "mid-March=2013-03",
    "It fell earlier this year and late last month.": "earlier this year=2013|late last month=2013-02",
    # periods
    "Sales fell in the third quarter of 2012.": "the third quarter of 2012=2012-Q3",
    "Sales fell in the fourth quarter.": "the fourth quarter=2012-Q4",
    "Profit rose in Q3 2012.": "Q3 2012=2012-Q3",
    "Profit rose in the second half of 2012.": "the second half of 2012=2012-H2",
    "In the early 1990s and the '60s rents were low.": "the early 1990s=199|the '60s=196",
    "In the 19th century the town grew.": "the 19th century=18",
    "Last summer was hot; the winter of 2010 was cold.": "Last summer=2012-SU|the winter of 2010=2010-WI",
    "In fiscal 2012 it lost money.": "fiscal 2012=2012",
    "The law dates from 1990-95.": "1990=1990|95=1995",
    "By the end of the month he must pay.": "the end of the month=2013-03",
    "In nineteen ninety-seven it closed.": "nineteen ninety-seven=1997",
    "It happened in the week of March 4.": "the week of March 4=2013-W10",
    "Since '98, and since 9/11, it fell.": "'98=1998|9/11=2001-09-11",
    "It starts at 2.30pm or 16:30 BST (15:30 GMT).": "2.30pm=2013-03-20T14:30|16:30 BST (15:30 GMT)=2013-03-20T16:30",
    "It froze in 1862. That winter was hard. The following spring was mild.": (
        "1862=1862|That winter=1862-WI|The following spring=1863-SP"
    ),
    "On the night of 4/5 June 1866 it burned.": "the night of 4/5 June 1866=1866-06-04TNI",
    "The file of 2013-03-18T14:05:00Z is lost.": "2013-03-18T14:05:00Z=2013-03-18T14:05:00",
    "Over the past decade and the next decade it changes.": "the past decade=P10Y|the next decade=P10Y",
    "The night before, he slept.": "The night before=2013-03-19TNI",
    "He left the week before last.": "the week before last=2013-W10",
    "The first week of April is dry.": "The first week of April=2013-W14",
    "Caesar died in 44 B.C. and Vesuvius erupted in A.D. 79.": "44 B.C.=BC0044|A.D. 79=0079",
    # holidays
    "It happened on New Year's Eve and on Thanksgiving 2011.": "New Year's Eve=2012-12-31|Thanksgiving"
    " 2011=2011-11-24",
    "Shops close on Good Friday and Easter Monday.": "Good Friday=2013-03-29|Easter Monday=2013-04-01",
    "He sang last Christmas.": "last Christmas=2012-12-25",
    "They will meet on Patriots' Day, on All Saints' Day and on Whit Monday.": (
        "Patriots' Day=2013-04-15|All Saints' Day=2013-11-01|Whit Monday=2013-05-20"
    ),
    # seen from now
    "This week and next month prices rise; last year they fell.": "This week=2013-W12|next month=2013-04|last"
    " year=2012",
    "Two weeks ago he resigned.": "Two weeks ago=2013-W10",
    "He came five years ago.": "five years ago=2008",
    "It opens a week from Friday.": "a week from Friday=2013-03-29",
    "He left the day before yesterday.": "the day before yesterday=2013-03-18",
    "Several years ago it closed.": "Several years ago=PAST_REF",
    "The company now plans the future.": "now=PRESENT_REF|the future=FUTURE_REF",
    "It was recently sold.": "recently=PAST_REF",
    # lengths
    "He slept for two and a half hours.": "two and a half hours=PT2H30M",
    "It took more than 20 years.": "more than 20 years=P20Y",
    "They hold a two-day summit.": "two-day=P2D",
    "It will cost more in the next six months.": "the next six months=P6M",
    "A few days of rain followed three decades of drought.": "A few days=PXD|three decades=P30Y",
    "It lasted a year and a half.": "a year and a half=P1Y6M",
    "The 15-year-old boy is 25 years old.": "",
    "Three-quarters of them left.": "",
    # repetitions
    "They meet every Tuesday and twice a month.": "every Tuesday=XXXX-WXX-2|a month=P1M",
    "Each July it rains daily.": "Each July=XXXX-07|daily=P1D",
    "It pays $5 million a year.": "a year=P1Y",
    # seen from the text
    "On March 4 he fell. The next day he died.": "March 4=2013-03-04|The next day=2013-03-05",
    "In June 2010 it began. Two months later, it ended.": "June 2010=2010-06|Two months later=2010-08",
    "He came on May 5, 2012. That week it rained.": "May 5, 2012=2012-05-05|That week=2012-W18",
    "Profit fell in the first quarter of 2013 from a year earlier.": "the first quarter of 2013=2013-Q1|a year"
    " earlier=2012-Q1",
    "On Feb. 3 he came. The previous month he had left.": "Feb. 3=2013-02-03|The previous month=2013-01",
    "The Feb. 3 attack killed two. On the second day of the attack, it rained.": "Feb. 3=2013-02-03|the second"
    " day=2013-02-04",
    # infinitives and the verbs before them
    "Members agreed to walk out Friday.": "Friday=2013-03-22",
    "He declined to comment Friday.": "Friday=2013-03-15",
    "She won the match on Sunday.": "Sunday=2013-03-17",
    "The season ends on May 9.": "May 9=2013-05-09",
    "It kept going until Friday.": "Friday=2013-03-15",
    "It planned a rally on Saturday.": "Saturday=2013-03-23",
    "The record set on Aug. 6 stands.": "Aug. 6=2012-08-06",
    # as histories tell it
    "On the night of 3 to 4 May 1941, and on the night of April 30-May 1, 1945, it burned.": (
        "the night of 3 to 4 May 1941=1941-05-03TNI|the night of April 30-May 1, 1945=1945-04-30TNI"
    ),
    "They came in the early hours of Tuesday, and left in the small hours.": (
        "the early hours of Tuesday=2013-03-19TMO|the small hours=2013-03-19TMO"
    ),
    "It ran from January to June 2009.": "January=2009-01|June 2009=2009-06",
    "It lasted from 30 November to 2 February 1999.": "30 November=1998-11-30|2 February 1999=1999-02-02",
    "He was elected in 1996. In the spring of that year he left; in early summer of the following year he died.": (
        "1996=1996|the spring of that year=1996-SP|early summer of the following year=1997-SU"
    ),
    "It cut jobs by year-end 2011, and will cut more by year-end.": "year-end 2011=2011|year-end=2013",
    "He came in 1931. In March of that year, he wed; in May the following year, he left.": (
        "1931=1931|March of that year=1931-03|May the following year=1932-05"
    ),
    "In the 17th and early 18th centuries lace was made.": "the 17th=16|early 18th centuries=17",
    "It stood from the 2nd century BC to the first millennium AD.": (
        "the 2nd century BC=BC01|the first millennium AD=0"
    ),
    "It was built c. 1450 and lost around 500 BC.": "c. 1450=1450|around 500 BC=BC0500",
    "In the late 1800s and the '30s, coal was king.": "the late 1800s=18|the '30s=193",
    "The winter of 1946-47 was hard; early in 1947 it snowed.": "The winter of 1946-47=1946-WI|early in 1947=1947",
    "By late autumn it was over; in winter, nobody fought.": "late autumn=2012-FA|winter=2012-WI",
    "Over the following weeks and the years that followed, it grew.": (
        "the following weeks=PXW|the years that followed=PXY"
    ),
    "In 411 letters he thanked them.": "",
    "By the end of that month, in May 1941, and by the start of the following year, it ended.": (
        "the end of that month=2013-03|May 1941=1941-05|the start of the following year=1942"
    ),
    "In the late 1830s it began; the decade that followed saw its end.": (
        "the late 1830s=183|the decade that followed=184"
    ),
    "Until the end of the 1990s it was shut.": "the end of the 1990s=199",
    "On 7 May 1944 he fled. Two days earlier, he had been shot. That week it rained.": (
        "7 May 1944=1944-05-07|Two days earlier=1944-05-05|That week=1944-W18"
    ),
    "In early August three battles were lost.": "early August=2012-08",
    "On 6 March 1954 it began. By Christmas a third had gone.": "6 March 1954=1954-03-06|Christmas=1954-12-25",
    "At 0748 on 7 December 1941 she was hit.": "0748 on 7 December 1941=1941-12-07T07:48",
    "Tens of thousands of years ago, and billions of years ago, it was warm.": (
        "Tens of thousands of years ago=PAST_REF|billions of years ago=PAST_REF"
    ),
    # days of a tale, hours of its nights
    "On 3 March 1943 they came. On the 5th the attack began; by the evening of the 7th it was over.": (
        "3 March 1943=1943-03-03|the 5th=1943-03-05|the evening of the 7th=1943-03-07TEV"
    ),
    "He left at 11 o'clock on the 11th of November 2012.": "11 o'clock on the 11th of November 2012=2012-11-11T11:00",
    "They landed on 3 March 1943. At dawn the next day they marched, and at noon that day they met.": (
        "3 March 1943=1943-03-03|dawn the next day=1943-03-04TMO|noon that day=1943-03-04T12:00"
    ),
    "The roads will be shut from 9 p.m. to 5 a.m.": "9 p.m.=2013-03-20T21:00|5 a.m.=2013-03-21T05:00",
    "It was open from 9 a.m. to 5 p.m. on Monday.": "9 a.m.=2013-03-18T09:00|5 p.m. on Monday=2013-03-18T17:00",
    "In the first half of the 20th century it stood; to this day it is loved.": (
        "the first half of the 20th century=19|this day=PRESENT_REF"
    ),
    "It lasted an hour and twenty minutes, on the 21st day of the strike.": (
        "an hour and twenty minutes=PT1H20M|the 21st day=2013-03-20"
    ),
    "Three weeks into the war they met on a recent Tuesday.": "Three weeks=P3W|a recent Tuesday=PAST_REF",
    "On May 3, 2012, he left; ten years on, he came back.": "May 3, 2012=2012-05-03|ten years on=2022",
    "By the end of the month the panel must decide. Two days later the court rules.": (
        "the end of the month=2013-03|Two days later=2013-04-02"
    ),
    "Profit rose in the January-March quarter from the previous quarter.": (
        "the January-March quarter=2013-Q1|the previous quarter=2012-Q4"
    ),
    "Sales fell in the third quarter of 2012, it said on Friday, from $3 million a year earlier.": (
        "the third quarter of 2012=2012-Q3|Friday=2013-03-15|a year earlier=2011-Q3"
    ),
    "Clients would have access to the money on Monday; it must be paid no later than Friday.": (
        "Monday=2013-03-25|Friday=2013-03-22"
    ),
    "They would have met on Monday.": "Monday=2013-03-18",
    "Theresa May has won. Mrs May spoke in May 2012. Then May left.": "May 2012=2012-05",
    "He was found shortly after midnight on Friday.": "midnight on Friday=2013-03-15T00:00",
    "It ends at midnight on Friday.": "midnight on Friday=2013-03-22T24:00",
    "The car was seen days before the raid. By evening, the streets were full.": (
        "evening=2013-03-20TEV"
    ),
    "Output has shrunk by a quarter since 2009.": "2009=2009",
    "One evening he came; he stayed one night.": "One evening=XXXX-XX-XXTEV|one night=P1D",
    "He was due to speak on Monday. She was due to speak on Friday.": "Monday=2013-03-18|Friday=2013-03-22",
    "It should last two days. The last two days were cold.": "two days=P2D|The last two days=P2D",
    "It was formed 4.6 billion years ago.": "4.6 billion years ago=PAST_REF",
    "Talks start early in the new year.": "the new year=2013",
    "On March 4 he won. The day before, he had trained; that evening he left.": (
        "March 4=2013-03-04|The day before=2013-03-03|that evening=2013-03-04TEV"
    ),
    "The attack on Monday came 16 months after the attack of March 11, 2010.": (
        "Monday=2013-03-18|16 months=P16M|March 11, 2010=2010-03-11"
    ),
    "He had been due to speak on Tuesday.": "Tuesday=2013-03-19",
    "They rehearsed until Monday; the court adjourned until Monday.": "Monday=2013-03-18|Monday=2013-03-25",
    "It was not until Tuesday that she knew. Members are recalled for Thursday.": (
        "Tuesday=2013-03-19|Thursday=2013-03-21"
    ),
    "The doors will open on Friday and close at noon on Wednesday.": (
        "Friday=2013-03-22|noon on Wednesday=2013-03-27T12:00"
    ),
    "The letter came on a Friday. A Friday deadline was missed.": "a Friday=XXXX-WXX-5|Friday=2013-03-15",
    "It began at 8 p.m. on Monday. By 3 a.m. it was over, and at dawn they left.": (
        "8 p.m. on Monday=2013-03-18T20:00|3 a.m.=2013-03-19T03:00|dawn=2013-03-19TMO"
    ),
    "It burned for a third night on Monday, and the tide was high at lunchtime.": (
        "Monday=2013-03-18|lunchtime=2013-03-18TMI"
    ),
    "A generation ago, and in the noughties, it was cheap.": "A generation ago=PAST_REF|the noughties=200",
    "Half a century ago it was farmland; half a decade earlier, it was a swamp.": (
        "Half a century ago=1963|half a decade earlier=1958"
    ),
    "Two and a half years ago it closed, and half an hour later it burned.": (
        "Two and a half years ago=2010|half an hour=PT30M"
    ),
    "They broke down two Fridays ago, a year to the day after they began.": (
        "two Fridays ago=2013-03-08|a year=P1Y"
    ),
    "It fell in the first half of 2011, and in the second half of the previous year.": (
        "the first half of 2011=2011-H1|the second half of the previous year=2010-H2"
    ),
    "First-half sales fell; they rose in the second half of February and in the last days of March 1945.": (
        "First-half=2013-H1|the second half of February=2013-02|the last days of March 1945=1945-03"
    ),
    "It must be paid by 30 September next year. It may come as soon as Friday.": (
        "30 September next year=2014-09-30|Friday=2013-03-22"
    ),
    "He taught for 40-odd years, rests on weekends and reads most nights.": (
        "40-odd years=P40Y|weekends=XXXX-WXX-WE|most nights=P1D"
    ),
    "The count ends at 10 tonight. The law takes effect on Saturday.": (
        "10 tonight=2013-03-20T22:00|Saturday=2013-03-23"
    ),
    "The roads will be shut until Thursday at the earliest; it enters its third day on Friday.": (
        "Thursday=2013-03-21|Friday=2013-03-22"
    ),
    "At about 11 a.m. on the 18th it fell, and two years afterwards it was rebuilt.": (
        "about 11 a.m. on the 18th=2013-03-18T11:00|two years afterwards=2015"
    ),
    "On the afternoon of 10 May 1857, a Sunday, they rose. They marched overnight. In June the city fell.": (
        "the afternoon of 10 May 1857=1857-05-10TAF|a Sunday=XXXX-WXX-7|overnight=1857-05-10TNI|June=1857-06"
    ),
    "In the third quarter of 2012 it lost $3 million, the most since the first quarter of 2001; it earned"
    " $1 million in the year-ago quarter.": (
        "the third quarter of 2012=2012-Q3|the first quarter of 2001=2001-Q1|the year-ago quarter=2011-Q3"
    ),
    "Rates have risen since last July. The other bank moved a day earlier.": (
        "last July=2012-07|a day earlier=2013-03-19"
    ),
    "The heats are on Friday, the final Sunday.": "Friday=2013-03-22|Sunday=2013-03-24",
    "He came in 1954; that June he wed. She said on Monday that June was cold.": (
        "1954=1954|that June=1954-06|Monday=2013-03-18|June=2012-06"
    ),
    "In the summer of 2007 he was shot, on July 4, after a row at 9 o'clock the night before.": (
        "the summer of 2007=2007-SU|July 4=2007-07-04|9 o'clock the night before=2007-07-03T21:00"
    ),
    "She was born in March 1950, they said on Tuesday; she died on March 18.": (
        "March 1950=1950-03|Tuesday=2013-03-19|March 18=2013-03-18"
    ),
    "He must resign if no law is passed by Saturday.": "Saturday=2013-03-23",
    "It was ten years ago this April, back in the day.": "ten years ago this April=2003-04",
    "The curfew began at 6 p.m. on Tuesday and will last until 7 a.m.": (
        "6 p.m. on Tuesday=2013-03-19T18:00|7 a.m.=2013-03-20T07:00"
    ),
    "Polls closed at 10 p.m. on Monday; by 7:10 a.m. it was over.": (
        "10 p.m. on Monday=2013-03-18T22:00|7:10 a.m.=2013-03-19T07:10"
    ),
    "Denmark, champions once, play Spain on Sunday; they did not play Italy on Monday.": (
        "Sunday=2013-03-24|Monday=2013-03-18"
    ),
    "It set a deadline of Friday.": "Friday=2013-03-22",
    "Profit rose in the first half of 2012; it fell in the second quarter of 2012 from the same quarter last year.": (
        "the first half of 2012=2012-H1|the second quarter of 2012=2012-Q2|the same quarter last year=2011-Q2"
    ),
    "She wed in May 2010 and died the following March; they had met the previous October.": (
        "May 2010=2010-05|the following March=2011-03|the previous October=2010-10"
    ),
    "They will vote by week's end.": "week's end=2013-W12",
    "They wed on Valentine's Day in 2009.": "Valentine's Day in 2009=2009-02-14",
    "He was held and appeared in court the next morning.": "the next morning=2013-03-20TMO",
    "It is due on the 22nd of this month; it left in May 2012, on the 5th of that month.": (
        "the 22nd of this month=2013-03-22|May 2012=2012-05|the 5th of that month=2012-05-05"
    ),
    "Meet me at half four on Friday, or Sunday week at the latest.": (
        "half four on Friday=2013-03-22T04:30|Sunday week=2013-03-31"
    ),
    "Prices doubled over the past year and a half.": "the past year and a half=P1Y6M",
    # more of the clock
    "They sat from ten past nine until dusk.": "ten past nine=2013-03-20T09:10|dusk=2013-03-20TEV",
    "He left at half past six in the morning on Tuesday, at a quarter to nine.": (
        "half past six in the morning on Tuesday=2013-03-19T06:30|a quarter to nine=2013-03-19T08:45"
    ),
    "The viewing is from 5 to 8 p.m. Friday, and it is from 11 to 2 p.m. on Saturday.": (
        "5=2013-03-22T17:00|8 p.m. Friday=2013-03-22T20:00|11=2013-03-23T11:00|2 p.m. on Saturday=2013-03-23T14:00"
    ),
    "It struck at 0300, and again by 1500 hours; it sank 1,500 of 0300.": (
        "0300=2013-03-20T03:00|1500 hours=2013-03-20T15:00"
    ),
    "On Friday he will sing. He arrived at 6 p.m.": "Friday=2013-03-22|6 p.m.=2013-03-20T18:00",
    "Since Monday it has rained. At 5 p.m., the dam broke.": "Monday=2013-03-18|5 p.m.=2013-03-20T17:00",
    # counted from another day
    "Fifty years ago tomorrow he died.": "Fifty years ago tomorrow=1963-03-21",
    "She left a week ago Tuesday.": "a week ago Tuesday=2013-03-12",
    "It opened two years ago this month.": "two years ago this month=2011-03",
    "The vote is on Friday week.": "Friday week=2013-03-29",
    "Come the Thursday after next.": "the Thursday after next=2013-03-28",
    "A hundred years ago he died; ask me in a year's time, or in three weeks' time.": (
        "A hundred years ago=1913|a year's time=2014|three weeks' time=2013-W15"
    ),
    "The other day I met him; I will meet him again some day.": "The other day=PAST_REF|some day=FUTURE_REF",
    "This time last year it rained.": "This time last year=2012",
    # the present tense of a plan
    "The vote is Friday.": "Friday=2013-03-22",
    "Rain is forecast through Monday.": "Monday=2013-03-25",
    "They won by two runs on Sunday.": "Sunday=2013-03-17",
    "He turns 27 on Friday.": "Friday=2013-03-22",
    "Prices are down since April, and shares since May 3.": "April=2012-04|May 3=2012-05-03",
    # lengths of several units
    "It took two years, two months and five days.": "two years, two months and five days=P2Y2M5D",
    "It took 11 hours and 20 minutes.": "11 hours and 20 minutes=PT11H20M",
    "Three days and three weeks passed.": "Three days=P3D|three weeks=P3W",
    "It took a hundred days, or a week or two.": "a hundred days=P100D|a week or two=P1W",
    "They work 60 hours a week, and came a day later than planned.": "60 hours=PT60H|a week=P1W|a day=P1D",
    "He swims every morning and every single summer.": "every morning=XXXX-XX-XXTMO|every single summer=XXXX-SU",
    # business
    "Sales rose in the December quarter.": "the December quarter=2012-Q4",
    "Sales rose in the first half of 2012 and the last half of 2011.": (
        "the first half of 2012=2012-H1|the last half of 2011=2011-H2"
    ),
    "In the year to 30 June it lost money.": "the year=P1Y|30 June=2012-06-30",
    "Prime Minister Theresa May will speak in May of what May did in May 2012.": "May=2013-05|May 2012=2012-05",
    "The day he died and the morning she left were cold; in the morning he rose.": "the morning=2013-03-20TMO",
    "It fell in recent weeks and months.": "recent weeks and months=PXW",
    "Growth was lower than forecast in February.": "February=2013-02",
    "A higher-than-expected surplus was reported in the first quarter, as expected in 2012.": (
        "the first quarter=2013-Q1|2012=2012"
    ),
    "Shares fell ahead of Monday's vote.": "Monday=2013-03-25",
    "He was seen late on Friday night, as recently as March.": "late on Friday night=2013-03-15TNI|March=2013-03",
    "It lost $2 million in the first quarter, it said Tuesday; a year ago it earned $1 million.": (
        "the first quarter=2013-Q1|Tuesday=2013-03-19|a year ago=2012-Q1"
    ),
    "Prices fell overnight; they will rise overnight.": "overnight=2013-03-19TNI|overnight=2013-03-20TNI",
    "It lasted a quarter of a century, and a quarter-century more.": (
        "a quarter of a century=P25Y|a quarter-century=P25Y"
    ),
    "It took four minutes 6.87 seconds.": "four minutes 6.87 seconds=PT4M6.87S",
    "It raised a 100 million three-year loan.": "three-year=P3Y",
    "The bond is due 11/1/19.": "11/1/19=2019-11-01",
    # what only looks like a time
    "The daily said that the current account and the past four votes were sound; they are 25 to 38 years old.": "",
    "The striker scored in the second half; the coach of the team praised the match.": "",
    "USA Today, CBS This Morning, Monday Night Football and the Sunday Times.": "",
    "He watched 60 Minutes on the Six-Day War and Easter Island.": "",
    "She left in her early thirties; it was in the mid-30s outside.": "",
    "The workers' 15 percent rise.": "",
    "They bought Christmas trees.": "",
    "He paid $2000 to 1995 people.": "",
    "The 5th Circuit ruled on the 25th anniversary.": "",
}  # fmt: skip


@pytest.mark.parametrize("sentence", CASES)
def test_expressions_and_values(sentence: str) -> None:
    found = tag(sentence, reference=WEDNESDAY, quotations=find_quotations(sentence))
    assert "|".join(f"{timex.text}={timex.value}" for timex in found) == CASES[sentence]


TYPES = {
    "late Friday": "DATE",
    "10 p.m. Wednesday": "TIME",
    "three weeks": "DURATION",
    "every Thursday": "SET",
    "last night": "TIME",
    "the past decade": "DURATION",
}


@pytest.mark.parametrize("expression", TYPES)
def test_types(expression: str) -> None:
    found = tag(f"It happened {expression}.", reference=WEDNESDAY)
    assert [(timex.text, timex.type) for timex in found] == [(expression, TYPES[expression])]


INTERVALS = {
    "on March 4": ("2013-03-04", "2013-03-05"),
    "last week": ("2013-03-11", "2013-03-18"),
    "last weekend": ("2013-03-16", "2013-03-18"),
    "in February 2012": ("2012-02-01", "2012-03-01"),
    "in the first quarter of 2012": ("2012-01-01", "2012-04-01"),
    "in the second half of 2011": ("2011-07-01", "2012-01-01"),
    "in the winter of 2011": ("2011-12-01", "2012-03-01"),
    "in 1998": ("1998-01-01", "1999-01-01"),
    "in the 1990s": ("1990-01-01", "2000-01-01"),
    "in the 20th century": ("1900-01-01", "2000-01-01"),
    "at 10:30 a.m. on March 4": ("2013-03-04T10:30:00-04:00", "2013-03-04T10:31:00-04:00"),
    "at 6 p.m. GMT on March 4": ("2013-03-04T18:00:00+00:00", "2013-03-04T18:01:00+00:00"),
    "last night": ("2013-03-19T20:00:00-04:00", "2013-03-20T06:00:00-04:00"),
}


@pytest.mark.parametrize("words", INTERVALS)
def test_intervals(words: str) -> None:
    (found,) = tag(f"It happened {words}.", reference=WEDNESDAY)
    assert found.interval is not None
    assert (found.interval.gte, found.interval.lt) == INTERVALS[words]


@pytest.mark.parametrize("words", ["for three weeks", "every Monday", "recently", "several years ago", "in 44 B.C."])
def test_off_the_calendar_there_is_no_interval(words: str) -> None:
    (found,) = tag(f"It happened {words}.", reference=WEDNESDAY)
    assert found.interval is None


def test_ambiguity_is_recorded() -> None:
    (found,) = tag("The board meeting Friday.", reference=WEDNESDAY)
    assert found.value == "2013-03-15"
    assert found.alternatives == ("2013-03-22",)


def test_history_is_read_from_its_own_years() -> None:
    text = (
        "The war began in September 1939. In June 1940 the capital fell. In August, the raids began. On 7"
        " December 1941"
        " the fleet was attacked; four days later, a third power declared war. In the spring, a new offensive began."
        " On 6 June 1944 the allies landed. In August they freed the capital. On 8 May 1945 it ended."
    )
    values = [timex.value for timex in tag(text, reference=WEDNESDAY)]
    assert values == [
        "1939-09", "1940-06", "1940-08", "1941-12-07", "1941-12-11", "1942-SP", "1944-06-06", "1944-08", "1945-05-08",
    ]  # fmt: skip


def test_the_winter_that_lasts_is_not_last_winter() -> None:
    january = Reference(day=date(2018, 1, 4))
    (found,) = tag("Last winter was mild.", reference=january)
    assert found.value == "2016-WI"


def test_this_week_said_on_a_sunday_of_what_is_to_come_is_the_one_that_begins() -> None:
    sunday = Reference(day=date(2019, 3, 17))
    told = [tag(text, reference=sunday)[0].value for text in ("We will meet this week.", "We met this week.")]
    assert told == ["2019-W12", "2019-W11"]


def test_few_years_of_long_ago_are_history_where_nothing_speaks_from_today() -> None:
    text = (
        "On 12 May 1942 the port fell. That winter it starved, and in March the army withdrew. Fighting resumed in"
        " August, and by the end of the year it was free. On 3 October the fort fell; the next morning, at dawn, they"
        " left. Today it is a museum."
    )
    values = [timex.value for timex in tag(text, reference=WEDNESDAY)]
    assert values == [
        "1942-05-12", "1942-WI", "1943-03", "1943-08", "1943", "1943-10-03", "1943-10-04TMO", "1943-10-04TMO",
        "PRESENT_REF",
    ]  # fmt: skip


def test_the_same_words_in_the_news_are_seen_from_today() -> None:
    text = (
        "The port fell in 1942, he said on Tuesday. In March the army left. By the end of the year it will be free."
    )
    values = [timex.value for timex in tag(text, reference=WEDNESDAY)]
    assert values == ["1942", "2013-03-19", "2013-03", "2013"]


def test_a_time_of_day_in_a_tale_without_a_day_has_no_place() -> None:
    (year, night) = tag("The siege began in the spring of 1241. In the night it snowed.", reference=WEDNESDAY)
    assert (year.value, night.value) == ("1241-SP", "1241-XX-XXTNI")
    assert night.interval is None


def test_a_time_on_a_line_of_its_own_heads_an_entry_of_today() -> None:
    text = "He fell on Monday.\n\n2:45 p.m.\n\nThe police say that he fell at 9 p.m."
    assert [timex.value for timex in tag(text, reference=WEDNESDAY)] == [
        "2013-03-18", "2013-03-20T14:45", "2013-03-20T21:00",
    ]  # fmt: skip


def test_a_report_that_names_many_years_of_late_is_no_history() -> None:
    text = (
        "He bought it in 2009, sold it in 2010 and lost in 2011. In 2008 he was poor. He will leave next month. In"
        " January he came back, and this spring he will try again; he is now 60."
    )
    values = [timex.value for timex in tag(text, reference=WEDNESDAY)]
    assert values == ["2009", "2010", "2011", "2008", "2013-04", "2013-01", "2013-SP", "PRESENT_REF"]
