#pragma once

#include "clients/core/acts/draft.h"
#include "clients/web/bindings/act_sheet.h"
#include "clients/web/bindings/page_device.h"

#include <string_view>
#include <vector>

namespace clients::web {

/// What a person has to answer before an act is recorded.
struct Asked {
  std::vector<std::string_view> missing;    ///< Fields of the declaration (V30).
  std::vector<const IndexedPerson*> alike;  ///< Who may be the same person.
  bool is_young = false;                    ///< Not 15 yet on the reference day of the round.
  bool must_be_answered = false;            ///< Nothing is recorded before.
};

/// A person is introduced, or one that is known is named, and registered for a title.
/// `asked`: what is open; someone alike is answered by `new`, a young person by `young`.
events::Result<void> add_registration(PageDevice& device, ActSheet& sheet, acts::Draft& draft,
                                      const acts::Occasion& occasion, Asked& asked);

/// Writes `missing`, `alike`, `young`.
void write_asked(events::JsonWriter& json, PageDevice& device, const Asked& asked);

}  // namespace clients::web
