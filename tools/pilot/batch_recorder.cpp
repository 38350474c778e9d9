#include "tools/pilot/batch_recorder.h"

#include "platform/clock.h"
#include "platform/random.h"
#include "projections/texts/texts.h"

namespace pilot {

events::EventId BatchRecorder::write(events::Payload payload, std::optional<events::StreamId> about,
                                     std::optional<events::PrivateFields> fields) {
  if (page_.size() == page_entries) turn_page();
  clients::RecordRequest request;
  request.payload = std::move(payload);
  request.about = about;
  request.actor = actor_;
  request.business_day = day_;
  request.fields = std::move(fields);
  if (request.fields) request.salt = platform::random_16();
  const events::EventId id = device_.workspace().next_id(page_.size());
  page_.push_back(std::move(request));
  return id;
}

void BatchRecorder::turn_page() {
  if (page_.empty()) return;
  const clients::RecordedTogether together =
      need(device_.workspace().record_together(page_, platform::now()), "recording");
  if (together.refused) {
    const clients::RecordRequest& request = page_[*together.refused];
    const auto type = std::visit(
        []<class T>(const T&) {
          if constexpr (requires { T::type; }) return static_cast<std::uint16_t>(T::type);
          return std::uint16_t{0};
        },
        request.payload);
    throw PlayError(std::string(events::event_name(type)) +
                    " was refused: " + projections::explain(together.recorded.back().verdict));
  }
  recorded_ += together.recorded.size();
  for (const clients::Recorded& recorded : together.recorded) {
    if (recorded.verdict.code == events::VerdictCode::held) ++held_;
  }
  page_.clear();
}

}  // namespace pilot
