#include "clients/core/acts/recording.h"

#include <cstddef>

namespace clients::acts {

using events::Result;

namespace {

/// What a clock or a date that cannot be makes of a request: said where it can be put right.
std::optional<events::Verdict> refused_by_clock(const RecordingLimits& limits,
                                                const RecordRequest& request,
                                                events::Timestamp now) {
  events::Verdict refused;
  refused.code = events::VerdictCode::refused;
  if (limits.seconds_behind) {
    refused.rule = events::Rule::c_clock;
    refused.parameters = {*limits.seconds_behind};
    return refused;
  }
  const events::Day today = events::day_in_vietnam(now);
  if (request.business_day.value <= today.value + 1) return std::nullopt;
  refused.rule = events::Rule::v03_business_day;
  refused.parameters = {request.business_day.value, today.value};
  return refused;
}

/// What keeps requests from being judged at all; nothing: they can be.
std::optional<RecordedTogether> refused_before(const Workspace& workspace,
                                               std::span<const RecordRequest> requests,
                                               const RecordingLimits& limits,
                                               events::Timestamp now) {
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto by_clock = refused_by_clock(limits, requests[index], now);
    if (!by_clock && (limits.without_role || workspace.has_role_for(requests[index]))) continue;
    Recorded refused;
    refused.verdict.code = events::VerdictCode::refused;
    refused.verdict.rule = events::Rule::a_grant;
    if (by_clock) refused.verdict = *by_clock;
    RecordedTogether nothing;
    nothing.recorded.assign(index + 1, refused);
    nothing.refused = index;
    return nothing;
  }
  return std::nullopt;
}

}  // namespace

Result<RecordedTogether> record(Workspace& workspace, std::span<const RecordRequest> requests,
                                const RecordingLimits& limits, events::Timestamp now) {
  if (auto refused = refused_before(workspace, requests, limits, now)) return std::move(*refused);
  return workspace.record_together(requests, now);
}

Result<RecordedTogether> judge(Workspace& workspace, std::span<const RecordRequest> requests,
                               const RecordingLimits& limits, events::Timestamp now) {
  if (auto refused = refused_before(workspace, requests, limits, now)) return std::move(*refused);
  return workspace.judge_together(requests, now);
}

}  // namespace clients::acts
