#pragma once

#include "clients/web/bindings/fields.h"
#include "clients/web/bindings/page_device.h"
#include "clients/web/bindings/reply.h"

namespace clients::web {

/// Does what somebody asks for on a page: `act` names it, the other fields are what was typed.
/// With `dry` the rules judge it and nothing is recorded, so that a page can tell under each field
/// what would become of it.
///
///   register   person, or name birth gender unit id_number phone ethnicity household;
///              cycle group consent… basis confirmation proxy proxy_by paper_form witness place;
///              new
///   score      dossier, score… in the order of the sheet
///   evidence   dossier kind indicator… document_day what issuer where_kept; with a photo of the
///              paper: photo, thumbnail, both JPEG; to judge one, its photo_size is enough
///   accept     dossier…
///   return     dossier reason return_to note
///   resubmit, withdraw   dossier note
///
/// Always: `actor` where the device has several people, `day` of the paper where it is not today.
/// Values of enumerations are their words, ids are "7.12".
///
/// Answer:  stored; problems: what cannot be read, by field; missing: what the person has to say
///          (V30); alike: people who may be the same; refused or waits: the verdict in words;
///          events: what was recorded.
/// Expects: the device is enrolled.
Reply perform_act(PageDevice& device, const Fields& fields, events::Timestamp now);

}  // namespace clients::web
