"""The names of months in the larger languages, as dates have them, and the English short name that parsers know."""

MONTHS = {
    "jan": "january januar janvier janv enero ene janeiro gennaio gen jän jänner januari styczeń stycznia sty ledna "
    "led января янв ocak oca tammikuuta tammi ม.ค. มกราคม",
    "feb": "february februar février févr fév febrero febbraio fevereiro fev februari luty lutego lut února úno "
    "февраля фев şubat şub helmikuuta helmi ก.พ. กุมภาพันธ์",
    "mar": "march märz mär mrz mars marzo março maart mrt marts marzec marca března bře марта мар mart maaliskuuta "
    "maalis มี.ค. มีนาคม",
    "apr": "april avril avr abril abr aprile kwiecień kwietnia kwi dubna dub апреля апр nisan nis huhtikuuta huhti "
    "เม.ย. เมษายน",
    "may": "mai mayo maggio mag maio mei maj maja května kvě мая май mayıs toukokuuta touko พ.ค. พฤษภาคม",
    "jun": "june juni juin junio giugno giu junho czerwiec czerwca cze června июня июн haziran haz kesäkuuta kesä มิ.ย. "
    "มิถุนายน",
    "jul": "july juli juillet juil julio luglio lug julho lipiec lipca lip července июля июл temmuz tem heinäkuuta "
    "heinä ก.ค. กรกฎาคม",
    "aug": "august août aout agosto ago augustus augusti sierpień sierpnia sie srpna августа авг ağustos ağu elokuuta "
    "elo ส.ค. สิงหาคม",
    "sep": "september septembre sept septiembre settembre set setembro wrzesień września wrz září сентября сен сент "
    "eylül eyl syyskuuta syys ก.ย. กันยายน",
    "oct": "october oktober okt octobre octubre ottobre ott outubro out październik października paź října октября окт "
    "ekim eki lokakuuta loka ต.ค. ตุลาคม",
    "nov": "november novembre noviembre novembro listopad listopada lis listopadu ноября ноя нояб kasım kas "
    "marraskuuta marras พ.ย. พฤศจิกายน",
    "dec": "december dezember dez décembre déc diciembre dicembre dic dezembro grudzień grudnia gru prosince декабря "
    "дек aralık ara joulukuuta joulu ธ.ค. ธันวาคม",
}
