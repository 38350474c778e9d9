#pragma once

#include "projections/rules/judge.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace test_support {

/// What the log would answer to the act, without storing it.
inline events::Verdict judged(const World& world, const Act& act,
                              std::optional<events::Timestamp> received_at = std::nullopt) {
  const events::Position next{world.head().value + 1};
  return projections::judge(world.make(act), {next, received_at.value_or(world.now()), act.intake},
                            world.state())
      .verdict;
}

/// Judges each event of the log again, as an auditor does: the verdicts and scopes have to be the
/// same.  `visit` sees each event with the state before it.
template <class Visit>
void judge_log_again(const World& world, Visit visit) {
  projections::State state;
  for (const StoredAct& act : world.stored()) {
    const events::StoredEvent& stored = act.stored;
    SCOPED_TRACE(std::string(events::event_name(stored.event.header.type)) + " at " +
                 std::to_string(stored.position.value));
    const projections::Judgement again = projections::judge(
        stored.event, {stored.position, stored.received_at, stored.intake}, state);
    ASSERT_EQ(again.verdict, stored.verdict);
    ASSERT_EQ(again.scope, act.scope);
    visit(act, state);
    state.apply(stored, act.scope);
  }
}

/// The verdict in numbers, for messages.
inline ::testing::AssertionResult but_it_is(const events::Verdict& verdict) {
  return ::testing::AssertionFailure()
         << "code " << static_cast<int>(verdict.code) << ", hold " << static_cast<int>(verdict.hold)
         << ", rule " << static_cast<int>(verdict.rule) << ", flags " << verdict.flags;
}

inline ::testing::AssertionResult is_accepted(const events::Verdict& verdict,
                                              std::uint32_t flags = 0) {
  const bool fits = verdict.code == events::VerdictCode::accepted && verdict.flags == flags;
  return fits ? ::testing::AssertionSuccess() : but_it_is(verdict);
}

inline ::testing::AssertionResult is_refused(const events::Verdict& verdict, events::Rule rule) {
  const bool fits = verdict.code == events::VerdictCode::refused && verdict.rule == rule;
  return fits ? ::testing::AssertionSuccess() : but_it_is(verdict);
}

inline ::testing::AssertionResult is_held(const events::Verdict& verdict, events::HoldReason reason,
                                          events::Rule rule) {
  const bool fits =
      verdict.code == events::VerdictCode::held && verdict.hold == reason && verdict.rule == rule;
  return fits ? ::testing::AssertionSuccess() : but_it_is(verdict);
}

/// A verdict by which a person releases a held event.
inline events::Verdict a_release(std::uint32_t flags = 0) {
  events::Verdict verdict;
  verdict.code = events::VerdictCode::accepted;
  verdict.flags = flags;
  verdict.rules = events::RulesVersion{1};
  return verdict;
}

/// A verdict by which a person refuses a held event.
inline events::Verdict a_final_refusal(events::Rule rule) {
  events::Verdict verdict;
  verdict.code = events::VerdictCode::refused;
  verdict.rule = rule;
  verdict.rules = events::RulesVersion{1};
  return verdict;
}

}  // namespace test_support
