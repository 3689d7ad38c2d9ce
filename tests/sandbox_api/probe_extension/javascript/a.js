onUiLoaded(() => { window.probeOrder = ["a"]; });
