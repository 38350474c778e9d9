#include "clients/device/interrupt_guard.h"

#include <csignal>

namespace clients {
namespace {

volatile std::sig_atomic_t pressed = 0;

/// Whoever presses again does not want to wait for a line that says nothing.
void on_press(int) {
  if (pressed != 0) std::signal(SIGINT, SIG_DFL);
  pressed = 1;
}

}  // namespace

InterruptGuard::InterruptGuard() : before_(std::signal(SIGINT, on_press)) { pressed = 0; }

InterruptGuard::~InterruptGuard() { std::signal(SIGINT, before_); }

bool InterruptGuard::interrupted() { return pressed != 0; }

}  // namespace clients
