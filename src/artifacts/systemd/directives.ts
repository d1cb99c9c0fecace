/**
 * Every section and directive of units: what systemd 252 to 257 list themselves
 * (`systemd --dump-configuration-items`), what newer releases and Quadlet add, and what older ones had.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** systemd.exec(5) */
const EXEC = words(`
  AmbientCapabilities AppArmorProfile BPFDelegateAttachments BPFDelegateCommands BPFDelegateMaps
  BPFDelegatePrograms BindLogSockets BindPaths BindReadOnlyPaths CPUAffinity CPUSchedulingPolicy
  CPUSchedulingPriority CPUSchedulingResetOnFork CacheDirectory CacheDirectoryAccounting
  CacheDirectoryMode CacheDirectoryQuota Capabilities CapabilityBoundingSet ConfigurationDirectory
  ConfigurationDirectoryMode CoredumpFilter DelegateNamespaces DynamicUser Environment EnvironmentFile
  ExecPaths ExecSearchPath ExtensionDirectories ExtensionImagePolicy ExtensionImages Group
  IOSchedulingClass IOSchedulingPriority IPCNamespacePath IgnoreSIGPIPE ImportCredential
  InaccessibleDirectories InaccessiblePaths KeyringMode LandlockConfig LimitAS LimitCORE LimitCPU
  LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC LimitRSS
  LimitRTPRIO LimitRTTIME LimitSIGPENDING LimitSTACK LoadCredential LoadCredentialEncrypted
  LockPersonality LogExtraFields LogFilterPatterns LogLevelMax LogNamespace LogRateLimitBurst
  LogRateLimitIntervalSec LogsDirectory LogsDirectoryAccounting LogsDirectoryMode LogsDirectoryQuota
  MemoryDenyWriteExecute MemoryKSM MemoryTHP MountAPIVFS MountFlags MountImagePolicy MountImages
  NUMAMask NUMAPolicy NetworkNamespacePath Nice NoExecPaths NoNewPrivileges OOMScoreAdjust PAMName
  PassEnvironment Personality PrivateBPF PrivateDevices PrivateIPC PrivateMounts PrivateNetwork
  PrivatePIDs PrivateTmp PrivateUsers ProcSubset ProtectClock ProtectControlGroups ProtectHome
  ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem
  ReadOnlyDirectories ReadOnlyPaths ReadWriteDirectories ReadWritePaths RemoveIPC
  RestrictAddressFamilies RestrictFileSystems RestrictNamespaces RestrictRealtime RestrictSUIDSGID
  RootDirectory RootEphemeral RootHash RootHashSignature RootImage RootImageOptions RootImagePolicy
  RootVerity RuntimeDirectory RuntimeDirectoryMode RuntimeDirectoryPreserve SELinuxContext SecureBits
  SetCredential SetCredentialEncrypted SetLoginEnvironment SmackProcessLabel StandardError StandardInput
  StandardInputData StandardInputText StandardOutput StateDirectory StateDirectoryAccounting
  StateDirectoryMode StateDirectoryQuota SupplementaryGroups SyslogFacility SyslogIdentifier SyslogLevel
  SyslogLevelPrefix SystemCallArchitectures SystemCallErrorNumber SystemCallFilter SystemCallLog
  TTYColumns TTYPath TTYReset TTYRows TTYVHangup TTYVTDisallocate TemporaryFileSystem TimeoutCleanSec
  TimerSlackNSec UMask UnsetEnvironment User UserNamespacePath UtmpIdentifier UtmpMode WorkingDirectory
`);

/** systemd.resource-control(5) */
const CGROUP = words(`
  AllowedCPUs AllowedMemoryNodes BPFProgram BlockIOAccounting BlockIODeviceWeight BlockIOReadBandwidth
  BlockIOWeight BlockIOWriteBandwidth CPUAccounting CPUQuota CPUQuotaPeriodSec CPUShares CPUWeight
  CoredumpReceive DefaultMemoryLow DefaultMemoryMin DefaultStartupMemoryLow Delegate DelegateSubgroup
  DeviceAllow DevicePolicy DisableControllers IOAccounting IODeviceLatencyTargetSec IODeviceWeight
  IOReadBandwidthMax IOReadIOPSMax IOWeight IOWriteBandwidthMax IOWriteIOPSMax IPAccounting
  IPAddressAllow IPAddressDeny IPEgressFilterPath IPIngressFilterPath ManagedOOMMemoryPressure
  ManagedOOMMemoryPressureDurationSec ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap
  MemoryAccounting MemoryHigh MemoryLimit MemoryLow MemoryMax MemoryMin MemoryPressureThresholdSec
  MemoryPressureWatch MemorySwapMax MemoryZSwapMax MemoryZSwapWriteback NFTSet NetClass
  RestrictNetworkInterfaces Slice SocketBindAllow SocketBindDeny StartupAllowedCPUs
  StartupAllowedMemoryNodes StartupBlockIOWeight StartupCPUShares StartupCPUWeight StartupIOWeight
  StartupMemoryHigh StartupMemoryLow StartupMemoryMax StartupMemorySwapMax StartupMemoryZSwapMax
  TasksAccounting TasksMax
`);

/** systemd.kill(5) */
const KILL = words(`
  FinalKillSignal KillMode KillSignal RestartKillSignal SendSIGHUP SendSIGKILL WatchdogSignal
`);

/** Conditions, which exist as assertions too. */
const CONDITIONS = words(`
  ACPower Architecture CPUFeature CPUPressure CPUs Capability ControlGroupController Credential
  DirectoryNotEmpty Environment FileIsExecutable FileNotEmpty Firmware FirstBoot Group Host IOPressure
  KernelCommandLine KernelModuleLoaded KernelVersion Memory MemoryPressure NeedsUpdate OSRelease
  PathExists PathExistsGlob PathIsDirectory PathIsEncrypted PathIsMountPoint PathIsReadWrite
  PathIsSymbolicLink Security User Version Virtualization
`);

export const SECTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  Unit: new Set([
    ...words(`
      After AllowIsolate Before BindTo BindsTo CollectMode Conflicts DefaultDependencies Description
      Documentation FailureAction FailureActionExitStatus IgnoreOnIsolate IgnoreOnSnapshot
      JobRunningTimeoutSec JobTimeoutAction JobTimeoutRebootArgument JobTimeoutSec JoinsNamespaceOf
      OnFailure OnFailureIsolate OnFailureJobMode OnSuccess OnSuccessJobMode PartOf PropagateReloadFrom
      PropagateReloadTo PropagatesReloadTo PropagatesStopTo RebootArgument RefuseManualStart
      RefuseManualStop ReloadPropagatedFrom Requires RequiresMountsFor RequiresOverridable Requisite
      RequisiteOverridable SourcePath StartLimitAction StartLimitBurst StartLimitInterval
      StartLimitIntervalSec StopPropagatedFrom StopWhenUnneeded SuccessAction SuccessActionExitStatus
      SurviveFinalKillSignal Upholds Wants WantsMountsFor
    `),
    ...CONDITIONS.flatMap(name => [`Condition${name}`, `Assert${name}`]),
  ]),
  Service: new Set([
    ...words(`
      BusName BusPolicy ExecCondition ExecReload ExecReloadPost ExecStart ExecStartPost ExecStartPre
      ExecStop ExecStopPost ExitType FailureAction FileDescriptorStoreMax FileDescriptorStorePreserve
      GuessMainPID NonBlocking NotifyAccess OOMPolicy OpenFile PIDFile PermissionsStartOnly
      RebootArgument RefreshOnReload ReloadSignal RemainAfterExit Restart RestartForceExitStatus
      RestartMaxDelaySec RestartMode RestartPreventExitStatus RestartSec RestartSteps
      RootDirectoryStartOnly RuntimeMaxSec RuntimeRandomizedExtraSec Sockets StartLimitAction
      StartLimitBurst StartLimitInterval SuccessExitStatus SysVStartPriority TimeoutAbortSec TimeoutSec
      TimeoutStartFailureMode TimeoutStartSec TimeoutStopFailureMode TimeoutStopSec Type
      USBFunctionDescriptors USBFunctionStrings WatchdogSec
    `),
    ...EXEC,
    ...CGROUP,
    ...KILL,
  ]),
  Socket: new Set([
    ...words(`
      Accept AcceptFileDescriptors Backlog BindIPv6Only BindToDevice Broadcast DeferAcceptSec
      DeferTrigger DeferTriggerMaxSec DirectoryMode ExecStartPost ExecStartPre ExecStopPost ExecStopPre
      FileDescriptorName FlushPending FreeBind IPTOS IPTTL KeepAlive KeepAliveIntervalSec
      KeepAliveProbes KeepAliveTimeSec ListenDatagram ListenFIFO ListenMessageQueue ListenNetlink
      ListenSequentialPacket ListenSpecial ListenStream ListenUSBFunction Mark MaxConnections
      MaxConnectionsPerSource MessageQueueMaxMessages MessageQueueMessageSize NoDelay PassCredentials
      PassFileDescriptorsToExec PassPIDFD PassPacketInfo PassSecurity PipeSize PollLimitBurst
      PollLimitIntervalSec Priority ReceiveBuffer RemoveOnStop ReusePort SELinuxContextFromNet
      SendBuffer Service SmackLabel SmackLabelIPIn SmackLabelIPOut SocketGroup SocketMode SocketProtocol
      SocketUser Symlinks TCPCongestion TimeoutSec Timestamping Transparent TriggerLimitBurst
      TriggerLimitIntervalSec Writable
    `),
    ...EXEC,
    ...CGROUP,
    ...KILL,
  ]),
  Mount: new Set([
    ...words(`
      DirectoryMode ForceUnmount LazyUnmount Options ReadWriteOnly SloppyOptions TimeoutSec Type What
      Where
    `),
    ...EXEC,
    ...CGROUP,
    ...KILL,
  ]),
  Swap: new Set([
    ...words(`
      Options Priority TimeoutSec What
    `),
    ...EXEC,
    ...CGROUP,
    ...KILL,
  ]),
  Scope: new Set([
    ...words('OOMPolicy RuntimeMaxSec RuntimeRandomizedExtraSec TimeoutStopSec'),
    ...CGROUP,
    ...KILL,
  ]),
  Slice: new Set([...words('ConcurrencyHardMax ConcurrencySoftMax'), ...CGROUP]),
  Timer: new Set(
    words(`
      AccuracySec DeferReactivation FixedRandomDelay OnActiveSec OnBootSec OnCalendar OnClockChange
      OnStartupSec OnTimezoneChange OnUnitActiveSec OnUnitInactiveSec Persistent RandomizedDelaySec
      RemainAfterElapse Unit WakeSystem
    `),
  ),
  Path: new Set(
    words(`
      DirectoryMode DirectoryNotEmpty MakeDirectory PathChanged PathExists PathExistsGlob PathModified
      TriggerLimitBurst TriggerLimitIntervalSec Unit
    `),
  ),
  Automount: new Set(
    words(`
      DirectoryMode ExtraOptions TimeoutIdleSec Where
    `),
  ),
  Install: new Set(words('Alias Also DefaultInstance RequiredBy UpheldBy WantedBy')),
};
