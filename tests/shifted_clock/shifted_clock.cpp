// A library that is loaded before a program's others and makes its wall clock wrong, for tests
// only.
//
// KHUYENHOC_CLOCK_SHIFT names a file of 8 bytes, a signed number of milliseconds in the machine's
// own order.  It is read at each look at the clock, so the clock can step while the program runs.
// The steady clocks stay as they are, as when somebody sets a machine's time.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

using Shift = std::atomic<std::int64_t>;
static_assert(sizeof(Shift) == sizeof(std::int64_t) && Shift::is_always_lock_free);

const Shift* open_shift() {
  const char* const path = std::getenv("KHUYENHOC_CLOCK_SHIFT");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const mapped = ::mmap(nullptr, sizeof(Shift), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<const Shift*>(mapped);
}

std::int64_t shift_milliseconds() {
  static const Shift* const shift = open_shift();
  return shift == nullptr ? 0 : shift->load();
}

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

int shifted(clockid_t clock, timespec* time) {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  const std::int64_t nanoseconds =
      time->tv_sec * nanoseconds_per_second + time->tv_nsec + shift_milliseconds() * 1'000'000;
  time->tv_sec = nanoseconds / nanoseconds_per_second;
  time->tv_nsec = nanoseconds % nanoseconds_per_second;
  if (time->tv_nsec < 0) {
    time->tv_nsec += nanoseconds_per_second;
    --time->tv_sec;
  }
  return 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept { return shifted(clock, time); }

int gettimeofday(timeval* time, void* /*zone*/) noexcept {
  timespec now{};
  if (shifted(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* seconds) noexcept {
  timespec now{};
  if (shifted(CLOCK_REALTIME, &now) != 0) return -1;
  if (seconds != nullptr) *seconds = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
