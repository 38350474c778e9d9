#pragma once

#include "clients/web/bindings/fields.h"
#include "clients/web/bindings/page_device.h"
#include "clients/web/bindings/reply.h"

namespace clients::web {

// Views about people and their dossiers; page_views.h says what each shows.

Reply show_roster(PageDevice& device, const Fields& fields, events::Timestamp now);
Reply show_sheet(PageDevice& device, const Fields& fields, events::Timestamp now);
Reply show_result(PageDevice& device, const Fields& fields, events::Timestamp now);
Reply show_dossier(PageDevice& device, const Fields& fields, events::Timestamp now);
Reply show_history(PageDevice& device, const Fields& fields, events::Timestamp now);
Reply show_items(PageDevice& device, const Fields& fields, events::Timestamp now);

}  // namespace clients::web
