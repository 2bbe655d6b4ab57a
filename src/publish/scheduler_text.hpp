// Words and numbers that the texts for all schedulers share.
#pragma once

#include "publish/scheduler.hpp"

namespace isinfetch {

/// What the program is given for a whole run, and after what time others end it: long enough for
/// the program to end by itself, with a report.
inline constexpr std::chrono::minutes kRunDeadline{105};
inline constexpr std::chrono::minutes kRunLimit{120};

/// "# Made by isinfetch 0.1.0 from /etc/isinfetch/isinfetch.yaml\n".
std::string made_by(const SchedulePlan& plan);

/// "every 20h, not before 18:30 Europe/Berlin".
std::string describe(const Cadence& cadence);

/// "16:30 17:30 UTC"; regular ones of more than a few as "each 30m from 00:07 UTC".
std::string describe(const Slots& slots);

/// The moments for a scheduler without a random delay of its own, apart from other sources'.
Slots shifted_slots(const ScheduledSource& source, Timestamp now);

/// `name` for objects whose names are at most `limit` bytes of a-z, 0-9 and -, ending in a letter
/// or digit (RFC 1123); what does not fit is cut and gets a number of its own.
std::string object_name(const std::string& name, std::size_t limit);

/// A word of a command for sh, in quotes when it needs them.
std::string shell_word(const std::string& word);

/// Words of a command for sh: the program, its options and `arguments`.
std::string shell_command(const SchedulePlan& plan, const std::vector<std::string>& arguments);

/// Texts in double quotes between commas: ["run", "xetra"] without the brackets.
std::string quoted_list(const std::vector<std::string>& texts);

}  // namespace isinfetch
