#include "tools/link/profile.h"

#include <charconv>
#include <optional>
#include <string>

namespace link_emulator {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = wrong == std::errc() && end == text.data() + text.size();
  return whole && number >= 0 && number <= 1e12 ? std::optional{number} : std::nullopt;
}

std::chrono::milliseconds milliseconds_of(double number) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(number));
}

/// False for a name that no profile has.
bool set(Profile& profile, std::string_view name, double value) {
  const auto whole = static_cast<std::uint64_t>(value);
  if (name == "rate") {
    profile.rate_bits = whole;
  } else if (name == "overhead") {
    profile.overhead = value;
  } else if (name == "delay") {
    profile.delay = milliseconds_of(value);
  } else if (name == "jitter") {
    profile.jitter = milliseconds_of(value);
  } else if (name == "stall_chance") {
    profile.stall_chance = value;
  } else if (name == "stall") {
    profile.stall = milliseconds_of(value);
  } else if (name == "up") {
    profile.up = milliseconds_of(value);
  } else if (name == "down") {
    profile.down = milliseconds_of(value);
  } else if (name == "cut_bytes") {
    profile.cut_bytes = whole;
  } else if (name == "half_open_bytes") {
    profile.half_open_bytes = whole;
  } else if (name == "seed") {
    profile.seed = whole;
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<Profile> read_profile(std::string_view text) {
  Profile profile;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::string where = "line " + std::to_string(number) + ": ";
    const std::size_t space = line.find_first_of(" \t");
    const std::string_view name = line.substr(0, space);
    const auto value =
        space == std::string_view::npos ? std::nullopt : number_of(trimmed(line.substr(space)));
    if (!value) {
      return Error{ErrorCode::invalid_argument, where + "`name value` with a number of at least 0"};
    }
    if (!set(profile, name, *value)) {
      return Error{ErrorCode::invalid_argument, where + "no figure is called " + std::string(name)};
    }
    if (profile.overhead >= 1 || profile.stall_chance > 1) {
      return Error{ErrorCode::invalid_argument, where + "a share is below 1"};
    }
  }
  return profile;
}

}  // namespace link_emulator
