#include "events/log/event.h"
#include "projections/policy/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace projections {
namespace {

using events::EventType;

/// A kind that people record about a dossier although no step of the workflow is it, and the
/// reason.
struct WithoutStep {
  EventType type{};
  const char* reason;
};

/// None yet: whoever adds one writes why the workflow need not know it, and lets check_step() of
/// projections/rules/dossier_rules.cpp pass it, which refuses what is no step.
const std::vector<WithoutStep> kinds_without_step = {};

template <class... Kinds>
std::vector<EventType> types_of(const std::variant<Kinds...>* /*all*/) {
  std::vector<EventType> types;
  const auto add = [&]<class Kind>(const Kind* /*kind*/) {
    if constexpr (!std::is_same_v<Kind, events::UnknownPayload>) types.push_back(Kind::type);
  };
  (add(static_cast<const Kinds*>(nullptr)), ...);
  return types;
}

const std::vector<EventType> all_kinds =
    types_of(static_cast<const events::PayloadVariant*>(nullptr));

std::string name_of(EventType type) {
  return std::string(events::event_name(static_cast<std::uint16_t>(type)));
}

bool has_step(EventType type) {
  return std::ranges::any_of(newest_policy().steps(),
                             [&](const Step& step) { return step.type == type; });
}

bool is_excused(EventType type) {
  return std::ranges::any_of(kinds_without_step,
                             [&](const WithoutStep& kind) { return kind.type == type; });
}

// Without a step the rules find no state in which the event may be recorded: every one is refused.
TEST(KindPolicies, AKindOfPeopleAboutADossierIsAStepOrSaysWhyItIsNone) {
  for (const EventType type : all_kinds) {
    const KindPolicy* const policy = newest_policy().kind(type);
    ASSERT_NE(policy, nullptr) << name_of(type);
    if (policy->speaker != Speaker::people || policy->about != About::dossier) continue;
    EXPECT_TRUE(has_step(type) || is_excused(type))
        << name_of(type)
        << " is recorded by people about a dossier, and no step of the workflow is it. "
        << "Give it a row in projections/policy/steps.cpp and in docs/domain.md 4.6, or name it "
           "with "
        << "the reason in kinds_without_step of this file.";
  }
}

// A reason that is left behind when the kind gets its step excuses the next mistake.
TEST(KindPolicies, AnExcusedKindIsOfPeopleAboutADossierAndHasNoStep) {
  for (const WithoutStep& kind : kinds_without_step) {
    const KindPolicy* const policy = newest_policy().kind(kind.type);
    ASSERT_NE(policy, nullptr) << kind.reason;
    EXPECT_EQ(policy->speaker, Speaker::people) << kind.reason;
    EXPECT_EQ(policy->about, About::dossier) << kind.reason;
    EXPECT_FALSE(has_step(kind.type)) << kind.reason;
    EXPECT_NE(std::string(kind.reason), "");
  }
}

// A step of a kind that only the server appends, or of one about something else, moves no dossier.
TEST(KindPolicies, AStepIsOfPeopleAboutADossierOrOpensOne) {
  for (const Step& step : newest_policy().steps()) {
    const KindPolicy* const policy = newest_policy().kind(step.type);
    ASSERT_NE(policy, nullptr) << step.id;
    EXPECT_EQ(policy->speaker, Speaker::people) << step.id;
    EXPECT_TRUE(policy->about == About::dossier || step.type == EventType::dossier_opened)
        << step.id;
  }
}

// Nobody may record a kind for which neither its row of policy nor a step names a role.
TEST(KindPolicies, EachKindOfPeopleMayBeRecordedInSomeRole) {
  for (const EventType type : all_kinds) {
    const KindPolicy* const policy = newest_policy().kind(type);
    ASSERT_NE(policy, nullptr) << name_of(type);
    if (policy->speaker != Speaker::people) continue;
    EXPECT_NE(newest_policy().roles_for(type), 0U)
        << name_of(type)
        << " is recorded by people, and no role may record it. Name roles in its row in "
        << "projections/policy/kind_policy.cpp, or in a step in projections/policy/steps.cpp.";
  }
}

}  // namespace
}  // namespace projections
