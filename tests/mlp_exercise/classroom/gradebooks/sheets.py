"""Sheets as platforms write them, with everything in them that may trip a reader."""

MOODLE = (
    "\ufeffIdentifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum Grade\","
    "\"Grade can be changed\",\"Last modified (submission)\",\"Online text\","
    "\"Last modified (grade)\",\"Feedback comments\"\n"
    "\"Participant 105\",\"Ada Lovelace\",ada@example.org,\"Submitted for grading\",,10.00,"
    "Yes,\"Tuesday, 24 November 2026, 10:00 AM\",\"<p>Dear all,\n\nhere it is</p>\",-,\n"
    "\"Participant 106\",\"Max Müller\",max@example.org,\"Submitted for grading - 2 hours "
    "late - Graded\",4.00,10.00,Yes,\"Tuesday, 24 November 2026, 12:00 PM\",,"
    "\"Wednesday, 25 November 2026, 9:00 AM\",\"<p>\"\"Fine\"\"</p>\"\n"
    "\"Participant 107\",\"Max Müller\",max2@example.org,\"Submitted for grading\",,10.00,"
    "No,\"Tuesday, 24 November 2026, 9:00 AM\",,-,\n"
    "\"Participant 108\",\"Grace O'Hopper\",grace@example.org,\"No submission\",,10.00,"
    "Yes,-,,-,\n"
)  # fmt: skip
"""English, of 10 points: with a mark of its encoding, text over lines, a row that is locked."""

MOODLE_GERMAN = (
    "\ufeffID,\"Vollständiger Name\",E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "\"Bewertung kann geändert werden\",\"Zuletzt geändert (Abgabe)\","
    "\"Zuletzt geändert (Bewertung)\",\"Feedback als Kommentar\"\n"
    "\"Teilnehmer/in 205\",\"Ada Lovelace\",ada@example.org,\"Zur Bewertung abgegeben\","
    "\"5,50\",\"6,00\",Ja,\"Dienstag, 24. November 2026, 10:00\",-,\"\"\n"
    "\"Teilnehmer/in 206\",\"Max Müller\",max@example.org,\"Zur Bewertung abgegeben\","
    ",\"6,00\",Ja,\"Dienstag, 24. November 2026, 10:05\",-,\n"
)  # fmt: skip
"""German, of 6 points, with decimal commas."""

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,ex1_02 NumPy gradient (881),"
    "Essay (882),Exercise 1 in all (883),Assignments Current Points,Final Score\n"
    ",,,,,,Manual Posting,,,,\n"
    "    Points Possible,,,,,,10.00,100.00,20.00,(read only),(read only)\n"
    "\"Lovelace, Ada\",4021,20260001,alovelace,IN1 and IN2,\"a, \"\"b\"\"\",,87.50,,0.00,87.50\n"
    "\"Hopper, Grace\",4022,20260002,ghopper,IN1,,EX,,,,\n"
    "\"Müller, Max\",4023,20260003,mmueller,IN1,,7.50,N/A,,,\n"
    "\"=\"\"=Evil, Name\"\"\",4024,20260004,evil,IN1,,,,,,\n"
    "\"Student, Test\",4999,,f00,IN1,,,,,,\n"
)  # fmt: skip
"""With every row that is no learner's."""

CANVAS_SEMICOLON = (
    "Student;ID;SIS Login ID;Section;ex1_02 (881);Current Score\n"
    "    Points Possible;;;;10,00;(read only)\n"
    "Lovelace, Ada;4021;alovelace;IN1;9,5;95,00\n"
    "Hopper, Grace;4022;ghopper;IN1;;\n"
    "Müller, Max;4023;mmueller;IN1;;\n"
)
"""As Canvas writes it where numbers have decimal commas."""

PLAIN = (
    "Matrikel-Nr.;Name;Vorname;Gruppe;ex1_02;Bemerkung\r\n"
    "20260001;Lovelace;Ada;1;9,5;\r\n"
    '20260002;Hopper;Grace;1;;"krank;\r\nAttest"\r\n'
    "20260003;Müller;Max;2;;\r\n"
    "\r\n"
)
"""As a spreadsheet in German writes it."""

SHEETS = {
    "moodle": MOODLE.encode(),
    "moodle in german": MOODLE_GERMAN.encode(),
    "canvas": CANVAS.encode(),
    "canvas with semicolons": CANVAS_SEMICOLON.encode("utf-8-sig"),
    "plain": PLAIN.encode("cp1252"),
    "plain in utf-16": PLAIN.replace(";", "\t").encode("utf-16"),
    "old line ends": PLAIN.replace("\r\n", "\r").encode(),
}
