#include "events/log/find_bad_text.h"
#include "projections/rules/judging_context.h"

// V70: the texts of an event and, by the bits of its intake, those of its private record.

namespace projections {
namespace {

using events::TextFault;

MaybeViolation refuse_text(TextFault fault, std::size_t bytes = 0, std::size_t bytes_max = 0) {
  return refuse(events::Rule::v70_text,
                {static_cast<std::int64_t>(fault), static_cast<std::int64_t>(bytes),
                 static_cast<std::int64_t>(bytes_max)});
}

}  // namespace

MaybeViolation check_texts(const JudgingContext& context) {
  // The server looks at labels before it makes an event of them.
  if (context.on_system_chain()) return std::nullopt;
  if (const auto bad = events::find_bad_text(context.event.payload)) {
    return refuse_text(bad->fault, bad->bytes, bad->bytes_max);
  }
  const std::uint8_t content = context.arrival.intake.content;
  if ((content & events::content_unreadable) != 0) return refuse_text(TextFault::form);
  if ((content & events::content_text_invalid) != 0) return refuse_text(TextFault::characters);
  if ((content & events::content_text_missing) != 0) return refuse_text(TextFault::missing);
  return std::nullopt;
}

MaybeViolation check_given(const std::string& text, std::size_t bytes_max) {
  return text.empty() ? refuse_text(TextFault::missing, 0, bytes_max) : std::nullopt;
}

}  // namespace projections
