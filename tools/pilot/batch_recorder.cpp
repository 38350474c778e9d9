#include "tools/pilot/batch_recorder.h"

#include "platform/clock.h"
#include "platform/random.h"
#include "projections/texts/texts.h"

namespace pilot {

clients::acts::Draft& BatchRecorder::page() {
  if (page_.size() >= page_entries) turn_page();
  // Somebody else may have recorded since.
  if (page_.size() == 0) page_ = clients::acts::Draft(device_.workspace());
  return page_;
}

clients::acts::Occasion BatchRecorder::occasion() const {
  return {actor_, [day = day_] { return clients::acts::Stamp{day, platform::random_16()}; }};
}

void BatchRecorder::turn_page() {
  if (page_.size() == 0) return;
  const std::vector<clients::RecordRequest>& requests = page_.requests();
  const clients::RecordedTogether together =
      need(device_.workspace().record_together(requests, platform::now()), "recording");
  if (together.refused) {
    const auto type = clients::type_of(requests[*together.refused].payload);
    throw PlayError(std::string(events::event_name(static_cast<std::uint16_t>(type))) +
                    " was refused: " + projections::explain(together.recorded.back().verdict));
  }
  recorded_ += together.recorded.size();
  for (const clients::Recorded& recorded : together.recorded) {
    if (recorded.verdict.code == events::VerdictCode::held) ++held_;
  }
  page_ = clients::acts::Draft(device_.workspace());
}

}  // namespace pilot
