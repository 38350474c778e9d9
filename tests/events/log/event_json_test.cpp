#include "events/crypto/digest.h"
#include "events/log/event.h"
#include "tests/support/event_builders.h"
#include "tests/support/golden.h"
#include "tests/support/random_values.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace events {
namespace {

/// The name of the kind and its JSON, in one line.
std::string line_of(const Payload& payload) {
  const Event event = test_support::an_event(payload);
  return std::string(event_name(event.header.type)) + " " + payload_to_json(payload) + "\n";
}

template <class... T>
std::vector<Payload> empty_ones(const std::variant<T...>* /*all*/) {
  std::vector<Payload> payloads{Payload{T{}}...};
  payloads.erase(payloads.begin());  // UnknownPayload is never made.
  return payloads;
}

template <class T>
void add_random(test_support::RandomInput& random, std::vector<Payload>& payloads) {
  if constexpr (!std::is_same_v<T, UnknownPayload>) {
    T fields;
    fields.serialize(random, T::schema);
    payloads.push_back(std::move(fields));
  }
}

template <class... T>
std::vector<Payload> random_ones(std::uint64_t seed, const std::variant<T...>* /*all*/) {
  test_support::RandomInput random(seed);
  std::vector<Payload> payloads;
  (add_random<T>(random, payloads), ...);
  return payloads;
}

constexpr const PayloadVariant* all_kinds = nullptr;

// Scripts of auditors and of communes read these lines; a changed key or blank would break them.
TEST(EventJson, OfEveryKindStaysAsItIs) {
  std::string lines;
  for (const Payload& payload : test_support::one_of_each_kind()) lines += line_of(payload);
  for (const Payload& payload : empty_ones(all_kinds)) lines += line_of(payload);
  test_support::expect_golden_text("json/every_kind.txt", lines);
}

// Lists of every length, fields that are there and fields that are not.
TEST(EventJson, OfAnyValuesStaysAsItIs) {
  std::string lines;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    for (const Payload& payload : random_ones(seed, all_kinds)) {
      lines += payload_to_json(payload) + "\n";
    }
  }
  test_support::expect_golden("json/any_values.sha256.hex", sha256(bytes_of(lines)).bytes);
}

// A name with a quotation mark must neither end its text nor change it.
TEST(EventJson, EscapesWhatJsonCannotHold) {
  UnitCreated unit;
  unit.name = "Bản \"Na\" \\ / \b\f\n\r\t\x01\x1f\x7f é";
  unit.official_code = std::string("\0z", 2);
  const std::string json = payload_to_json(unit);
  EXPECT_NE(json.find(R"("name": "Bản \"Na\" \\ / \b\f\n\r\t\u0001\u001F)"
                      "\x7f é\""),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("official_code": "\u0000z")"), std::string::npos) << json;
}

// A score of 32 bits and a count of 64 are both plain numbers, the greatest one too.
TEST(EventJson, WritesTheGreatestNumbersInFull) {
  BranchContinued branch;
  branch.first_seq = 9'007'199'254'740'993;
  branch.last_seq = 18'446'744'073'709'551'615U;
  const std::string json = payload_to_json(branch);
  EXPECT_NE(json.find("\"first_seq\": 9007199254740993,"), std::string::npos) << json;
  EXPECT_NE(json.find("\"last_seq\": 18446744073709551615,"), std::string::npos) << json;
  HoldRefused refused;
  refused.verdict.parameters = {-1, -9'223'372'036'854'775'807 - 1};
  EXPECT_NE(payload_to_json(refused).find("\"parameters\": [-1,-9223372036854775808]"),
            std::string::npos)
      << payload_to_json(refused);
}

}  // namespace
}  // namespace events
