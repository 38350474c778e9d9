#include "tests/e2e/shifted_clock.h"

#include "events/base/check.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

namespace e2e {
namespace {

constexpr const char* file_variable = "KHUYENHOC_CLOCK_SHIFT";

/// AddressSanitizer wants to be the first library of all, which a preloaded one is.
void allow_preloading() {
#ifdef __SANITIZE_ADDRESS__
  const char* const options = std::getenv("ASAN_OPTIONS");
  const std::string before = options == nullptr ? "" : std::string(options) + ":";
  ::setenv("ASAN_OPTIONS", (before + "verify_asan_link_order=0").c_str(), 1);
#endif
}

}  // namespace

ShiftedClock::ShiftedClock(std::filesystem::path file) : file_(std::move(file)) {
  std::ofstream(file_, std::ios::binary).write("\0\0\0\0\0\0\0\0", sizeof(std::int64_t));
}

void ShiftedClock::set(std::chrono::milliseconds shift) const {
  const std::int64_t milliseconds = shift.count();
  // In place: running programs have mapped the file.
  std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
  file.write(reinterpret_cast<const char*>(&milliseconds), sizeof milliseconds);
  CHECK(file.flush().good(), "the shift is written");
}

ShiftedClock::Worn::Worn(const ShiftedClock& clock) {
  allow_preloading();
  ::setenv(file_variable, clock.file_.c_str(), 1);
  ::setenv("LD_PRELOAD", KHUYENHOC_SHIFTED_CLOCK, 1);
}

ShiftedClock::Worn::~Worn() {
  ::unsetenv("LD_PRELOAD");
  ::unsetenv(file_variable);
}

}  // namespace e2e
