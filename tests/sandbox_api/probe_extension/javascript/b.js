onUiLoaded(() => { window.probeOrder.push("b"); });
