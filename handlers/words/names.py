"""The names of days and months, folded, in the two languages."""

WEEKDAYS = {
    name: number
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for number, name in enumerate(names.split())
}
"""Monday is 0, as in `date.weekday`."""

_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre "
    "january february march april may june july august september october november december "
    "janv jan fevr fev feb avr apr jun juil jul aug sept sep oct nov dec"
)

WEEKDAY = "|".join(WEEKDAYS)
MONTH = f"(?:{'|'.join(sorted(_MONTHS.split(), key=len, reverse=True))})\\.?"
