"""Customers that nothing is written of yet."""

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.person import Person
from optiq.journeys.links import DEVICE_TYPES


def begin_writing(customer: Customer, person: Person) -> None:
    """Where all facts of a customer are new, what writes them writes all of it: nothing is left under its own name.

    The kinds of identifier that a person has matter for its conversions, whether they have facts or not.
    """
    if not customer.is_first or len(person.customers) == 1:
        return
    if customer.identity_type in DEVICE_TYPES or not any(one.conversions for one in person.customers):
        customer.is_written_as(person.writing()[customer.customer_id])
