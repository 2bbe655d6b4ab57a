// CronJobs of Kubernetes (batch/v1), with the volume for the state and the configuration. A CronJob
// starts "approximately once" per moment (its documentation): the program makes it once.
#include "publish/scheduler_text.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace isinfetch {

namespace {

// A CronJob's name: its controller appends 11 characters, and 63 fit into a label.
constexpr std::size_t kMaxName = 52;

constexpr std::string_view kVolumes = R"(apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: isinfetch-state
  labels: {app.kubernetes.io/name: isinfetch}
spec:
  # One node at a time may write: the jobs of all sources share one store.
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 20Gi
)";

// Arguments: name, source, comment, schedule, seconds, image, arguments, mounts of the
// configuration.
constexpr std::string_view kCronJob = R"(apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
  labels: {{app.kubernetes.io/name: isinfetch, app.kubernetes.io/component: "{component}"}}
spec:
  # {slots}
  schedule: "{schedule}"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  # Without it, a CronJob that has missed more than 100 starts never starts again.
  startingDeadlineSeconds: 3000
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      # Not repeated at once: 75 heals by waiting, and the next moment is the repetition; whatever
      # else ends a run needs a human.
      backoffLimit: 0
      activeDeadlineSeconds: {limit}
      template:
        metadata:
          labels: {{app.kubernetes.io/name: isinfetch, app.kubernetes.io/component: "{component}"}}
        spec:
          restartPolicy: Never
          automountServiceAccountToken: false
          # Else variables that begin like those of the program tell of services.
          enableServiceLinks: false
          terminationGracePeriodSeconds: 60
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            fsGroup: 65532
            fsGroupChangePolicy: OnRootMismatch
            seccompProfile: {{type: RuntimeDefault}}
          containers:
            - name: isinfetch
              image: {image}
              command: [isinfetch]
              args: [{arguments}]
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {{drop: [ALL]}}
              resources:
                requests: {{cpu: 100m, memory: 128Mi}}
                limits: {{memory: 1Gi}}
              volumeMounts:
                - {{name: state, mountPath: /var/lib/isinfetch}}
                - {{name: configuration, mountPath: /etc/isinfetch, readOnly: true}}
                - {{name: tmp, mountPath: /tmp}}
          volumes:
            - name: state
              persistentVolumeClaim: {{claimName: isinfetch-state}}
            - name: configuration
{configuration}            - name: tmp
              emptyDir: {{}}
)";

/// A file of the configuration: the key that it has in the ConfigMap, and where the program reads
/// it.
struct ConfigFile {
    std::string key{};
    std::string place{};
    std::string text{};
    bool is_secret = false;
};

/// A key of a ConfigMap is made of letters, digits, '-', '_' and '.'.
std::string config_key(std::string name) {
    std::replace_if(
        name.begin(),
        name.end(),
        [](char letter) {
            constexpr std::string_view kLetters =
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
            return kLetters.find(letter) == std::string_view::npos;
        },
        '_');
    return name;
}

/// The files as the program finds them below /etc/isinfetch: one main file, and those of conf.d.
/// What systemd hands over as a credential comes behind them, as it does there.
std::vector<ConfigFile> config_files(const SchedulePlan& plan) {
    std::vector<ConfigFile> files;
    bool has_main = false;
    for (const auto& [path, text] : plan.files) {
        const std::filesystem::path file(path);
        const std::string name = file.filename().native();
        const bool is_credential = name == "isinfetch.credentials";
        const bool is_secret = is_credential || plan.secret_files.contains(path);
        if (is_credential || file.parent_path().filename() == "conf.d") {
            const std::string key = fmt::format(
                "{:03}-{}{}", files.size(), config_key(name), is_credential ? ".yaml" : "");
            files.push_back({key, "conf.d/" + key, text, is_secret});
        } else if (!has_main) {
            has_main = true;
            files.push_back({"isinfetch.yaml", "isinfetch.yaml", text, is_secret});
        }
    }
    if (!has_main) {
        files.insert(files.begin(), {"isinfetch.yaml", "isinfetch.yaml", "# only defaults\n"});
    }
    return files;
}

std::vector<ConfigFile> config_files(const SchedulePlan& plan, bool secret) {
    std::vector<ConfigFile> files = config_files(plan);
    std::erase_if(files, [secret](const ConfigFile& file) { return file.is_secret != secret; });
    return files;
}

// JSON may hold them, but for YAML they are line breaks, a byte order mark or not printable.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSpecial{{
    {"\x7F", "\\u007f"},
    {"\xC2\x85", "\\u0085"},
    {"\xE2\x80\xA8", "\\u2028"},
    {"\xE2\x80\xA9", "\\u2029"},
    {"\xEF\xBB\xBF", "\\ufeff"},
}};

std::string yaml_quoted(const std::string& text) {
    std::string quoted = json_quote(text);
    for (const auto& [letter, escaped] : kSpecial) {
        for (auto at = quoted.find(letter); at != std::string::npos; at = quoted.find(letter, at)) {
            quoted.replace(at, letter.size(), escaped);
        }
    }
    return quoted;
}

/// Can YAML hold the lines as they are, and with them exactly one line break at the end?
bool fits_block(const std::string& text) {
    const auto is_control = [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 && letter != '\n';
    };
    return text.size() > 1 && text.ends_with('\n') && !text.ends_with("\n\n") &&
           std::none_of(text.begin(), text.end(), is_control) &&
           std::none_of(kSpecial.begin(), kSpecial.end(), [&](const auto& special) {
               return text.find(special.first) != std::string::npos;
           });
}

/// A text as YAML: lines as they are where that is possible, else in quotes.
std::string yaml_block(const std::string& text, std::string_view indent) {
    if (!fits_block(text)) {
        return " " + yaml_quoted(text) + "\n";
    }
    std::string block = " |2\n";  // 2: the first line may be indented itself
    const std::string_view lines = std::string_view(text).substr(0, text.size() - 1);
    for (const std::string_view line : split(lines, '\n')) {
        block += line.empty() ? "\n" : fmt::format("{}{}\n", indent, line);
    }
    return block;
}

/// The entries of a ConfigMap's `data` or a Secret's `stringData`.
std::string data_of(const std::vector<ConfigFile>& files) {
    std::string text;
    for (const ConfigFile& file : files) {
        text += fmt::format("  {}:{}", file.key, yaml_block(file.text, "    "));
    }
    return text;
}

std::string config_map(const std::vector<ConfigFile>& files) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: isinfetch-configuration\n"
           "  labels: {app.kubernetes.io/name: isinfetch}\ndata:\n" +
           data_of(files);
}

std::string secret(const std::vector<ConfigFile>& files) {
    return "apiVersion: v1\nkind: Secret\nmetadata:\n  name: isinfetch-secret\n"
           "  labels: {app.kubernetes.io/name: isinfetch}\ntype: Opaque\nstringData:\n" +
           data_of(files);
}

/// What of a volume's source lies where.
std::string items_of(const std::vector<ConfigFile>& files, std::string_view indent) {
    std::string items;
    for (const ConfigFile& file : files) {
        items += fmt::format("{}- {{key: {}, path: {}}}\n", indent, file.key, file.place);
    }
    return items;
}

/// The volume of the configuration behind its name.
std::string configuration_volume(const SchedulePlan& plan) {
    const auto open = config_files(plan, false);
    const auto secrets = config_files(plan, true);
    if (secrets.empty()) {
        return "              configMap:\n                name: isinfetch-configuration\n"
               "                items:\n" +
               items_of(open, "                  ");
    }
    std::string text =
        "              projected:\n                defaultMode: 288  # 0440\n"
        "                sources:\n";
    const auto add = [&](std::string_view kind, std::string_view name, const auto& files) {
        if (!files.empty()) {
            text += fmt::format(
                "                  - {}:\n                      name: {}\n"
                "                      items:\n{}",
                kind,
                name,
                items_of(files, "                        "));
        }
    };
    add("configMap", "isinfetch-configuration", open);
    add("secret", "isinfetch-secret", secrets);
    return text;
}

std::string cron_job(const SchedulePlan& plan, const ScheduledSource& source) {
    const Slots slots = shifted_slots(source, plan.now);
    const std::string image = plan.image.empty() ? "isinfetch:" + plan.version : plan.image;
    return fmt::format(kCronJob,
                       fmt::arg("name", object_name("isinfetch-" + source.name, kMaxName)),
                       fmt::arg("component", object_name(source.name, 63)),
                       fmt::arg("slots", describe(source.cadence) + ": " + describe(slots)),
                       fmt::arg("schedule", cron_superset(slots).text()),
                       fmt::arg("limit", std::chrono::seconds{kRunLimit}.count()),
                       fmt::arg("image", json_quote(image)),
                       fmt::arg("arguments",
                                quoted_list({"--state-dir",
                                             "/var/lib/isinfetch",
                                             "run",
                                             "--deadline",
                                             format_duration(kRunDeadline),
                                             source.name})),
                       fmt::arg("configuration", configuration_volume(plan)));
}

}  // namespace

std::vector<ScheduleFile> write_kubernetes(const SchedulePlan& plan) {
    const std::string head = "# kubectl apply -f FILE\n" + made_by(plan);
    std::vector<ScheduleFile> files;
    if (const auto open = config_files(plan, false); !open.empty()) {
        files.push_back({.path = "isinfetch-configuration.yaml",
                         .text = "# The configuration of isinfetch, as its files are. For"
                                 " Kubernetes 1.27 and later: " +
                                 head.substr(2) + "---\n" + config_map(open)});
    }
    if (const auto secrets = config_files(plan, true); !secrets.empty()) {
        files.push_back({.path = "isinfetch-secret.yaml",
                         .text = "# The files of the configuration that hold credentials: keep it"
                                 " out of version control. " +
                                 head.substr(2) + "---\n" + secret(secrets),
                         .is_secret = true});
    }
    files.push_back({.path = "isinfetch-state.yaml",
                     .text = "# Where isinfetch keeps its store and its archive: " +
                             head.substr(2) + "---\n" + std::string(kVolumes)});
    for (const ScheduledSource& source : plan.sources) {
        const std::string name = object_name("isinfetch-" + source.name, kMaxName);
        files.push_back({.path = name + ".yaml",
                         .text = fmt::format("# Runs isinfetch for {}: {}---\n{}",
                                             source.name,
                                             head.substr(2),
                                             cron_job(plan, source))});
    }
    return files;
}

}  // namespace isinfetch
