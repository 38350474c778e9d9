#pragma once

#include "clients/web/bindings/fields.h"
#include "clients/web/bindings/page_device.h"
#include "clients/web/bindings/reply.h"

namespace clients::web {

/// How the device stands: enrolled, locked, label, people, roles, place.  Known before enrolment.
Reply show_device(PageDevice& device);
/// How the connection stands: state, own, accepted, verdicts_known, received_to, log_head,
/// caught_up, synced, retry_after, reason; files: how far they are; wants: files that the page has
/// to give, see page_calls.h.
Reply show_sync(PageDevice& device);

/// What a page shows; `view` names it.
///
///   device     the state of the device, as open() gives it
///   home       how the device stands towards the server, dossiers by step, open rounds
///   choices    the values of enumerations with their names; for readers those of lists
///   units      the units in `unit`, or in the place of the device
///   roster     people of `unit` (or all) by name, `q`: what is searched, `cycle`; of those with a
///              dossier in it: `state`, `status`; `skip`, `rows`
///   sheet      the sheet of `dossier`: columns, rules, current scores
///   result     what `score`… of `dossier` come to
///   dossier    one dossier: who, step, result, how far its own events are
///   history    everything that happened to `dossier`
///   photos     the photos of `dossier`: how far each is, whether it is here
///   items      own events, the last ones first: how far each is, why, what to do; those of
///              `status`; `skip`, `rows`
///   totals     figures of `unit` and below, with denominators, at the position of the log
///
/// Enumerations are words with their Vietnamese names beside, ids "7.12", days "yyyy-mm-dd", times
/// milliseconds since 1970, points tenths.
/// Expects: the device is enrolled.
Reply show_view(PageDevice& device, const Fields& fields, events::Timestamp now);

}  // namespace clients::web
